import { describe, expect, test } from 'vitest';
import { ShiftedClock } from '../index.ts';
import { stage, stoppedClock, text, WABA } from './stage.ts';

const HOUR = 60 * 60 * 1000;

describe('limits', () => {
	test('a number sends 80 messages a second and is then told 130429', async () => {
		const { send } = await stage({ clock: stoppedClock(), webhookUrl: null });
		const answers = [];
		for (let index = 0; index < 81; index++)
			answers.push(await send({ ...text(), to: `55119${String(10_000_000 + index)}` }));
		expect(answers.slice(0, 80).every(({ status }) => status === 200)).toBe(true);
		expect(answers[80]?.status).toBe(429);
		expect(answers[80]?.body.error).toMatchObject({ code: 130429, message: '(#130429) Rate limit hit' });
	});

	test('one person gets a burst of 45, then one message in six seconds, else 131056', async () => {
		const clock = stoppedClock();
		const { send } = await stage({ clock, webhookUrl: null });
		for (let index = 0; index < 45; index++) expect((await send(text())).status, `message ${index + 1}`).toBe(200);
		const refused = await send(text());
		expect(refused.status).toBe(429);
		expect(refused.body.error).toMatchObject({
			code: 131056,
			message: '(#131056) (Business Account, Consumer Account) pair rate limit hit'
		});
		expect((await send({ ...text(), to: '5511987650002' })).status).toBe(200);
		clock.advance(6_100);
		expect((await send(text())).status).toBe(200);
		expect((await send(text())).status).toBe(429);
	});

	test('can be switched off', async () => {
		const { send, control } = await stage({ webhookUrl: null });
		await control('/faults', { throughput: null, pair_limit: false });
		for (let index = 0; index < 100; index++) expect((await send(text())).status).toBe(200);
	});
});

describe('the 24-hour window', () => {
	test('closes a day after the customer’s last message: accepted, then failed with 131047', async () => {
		const clock = new ShiftedClock();
		const { writes, sent, door, until } = await stage({ clock });
		await writes({ kind: 'text', text: 'oi' });
		clock.advance(23.9 * HOUR);
		const inTime = await sent(text());
		await until('the first was delivered', () => door.statuses().some(({ status }) => status === 'delivered'));
		clock.advance(0.2 * HOUR);
		const late = await sent(text());
		await until('the second failed', () => door.statuses().some(({ id }) => id === late));
		expect(door.statuses().filter(({ id }) => id === late)).toMatchObject([
			{ status: 'failed', errors: [{ code: 131047, title: 'Re-engagement message' }] }
		]);
		expect(
			door
				.statuses()
				.filter(({ id }) => id === inTime)
				.map(({ status }) => status)
		).toEqual(['sent', 'delivered']);
	});

	test('does not hold for templates', async () => {
		const clock = new ShiftedClock();
		const { writes, sent, door, until, control } = await stage({ clock });
		await writes({ kind: 'text', text: 'oi' });
		clock.advance(25 * HOUR);
		await control('/templates', {
			waba_id: WABA,
			name: 'carro_novo',
			language: 'pt_BR',
			category: 'UTILITY',
			components: [{ type: 'BODY', text: 'Seu carro está pronto.' }]
		});
		await sent({ type: 'template', template: { name: 'carro_novo', language: { code: 'pt_BR' } } });
		await until('it was delivered', () => door.statuses().some(({ status }) => status === 'delivered'));
		expect(door.statuses()[0]?.pricing).toMatchObject({ billable: true, type: 'regular', category: 'utility' });
	});

	test('is 72 hours and free after an answer to somebody who came through an ad', async () => {
		const clock = new ShiftedClock();
		const { writes, sent, door, until } = await stage({ clock });
		await writes({ kind: 'text', text: 'Vi o anúncio', referral: true });
		await sent(text());
		clock.advance(70 * HOUR);
		const id = await sent(text());
		await until('it was delivered', () =>
			door.statuses().some((status) => status.id === id && status.status === 'delivered')
		);
		expect(door.statuses().find((status) => status.id === id)?.pricing).toMatchObject({
			billable: false,
			type: 'free_entry_point'
		});
		clock.advance(3 * HOUR);
		const late = await sent(text());
		await until('it failed', () => door.statuses().some((status) => status.id === late && status.status === 'failed'));
	});

	test('counts as open for somebody who never wrote here, unless it is asked to be strict', async () => {
		const { sent, door, control, until } = await stage();
		await sent(text());
		await until('it was delivered', () => door.statuses().length === 2);
		await control('/faults', { window: 'strict' });
		const id = await sent(text());
		await until('it failed', () => door.statuses().some((status) => status.id === id));
		expect(door.statuses().at(-1)?.errors?.[0]?.code).toBe(131047);
	});
});
