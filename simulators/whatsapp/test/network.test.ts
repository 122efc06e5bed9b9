import { describe, expect, test } from 'vitest';
import { ShiftedClock } from '../index.ts';
import { AN_ORDER, MARINA, PADARIA, stage, stoppedClock, text } from './stage.ts';

const order = (to: string) => ({ to, type: 'template', template: AN_ORDER });

describe('a number that ends in an error’s code', () => {
	test('meets that error when it is written to, at once or by webhook as Meta does', async () => {
		const { send, sent, door, until } = await stage();
		expect((await send({ ...text(), to: '5511990130429' })).body.error).toMatchObject({ code: 130429 });
		expect((await send({ ...text(), to: '5511999900190' })).body.error).toMatchObject({ code: 190 });
		const undeliverable = await sent({ ...text(), to: '5511990131026' });
		await until('it failed', () => door.statuses().some(({ id }) => id === undeliverable));
		expect(door.statuses().filter(({ id }) => id === undeliverable)).toMatchObject([
			{ status: 'failed', errors: [{ code: 131026 }] }
		]);
	});

	test('is listed with its code and words, and an ordinary number is not among them', async () => {
		const { simulator, send } = await stage({ webhookUrl: null });
		const listed = (await (await fetch(`${simulator.url}/_simulator/number-errors`)).json()) as { code: number }[];
		expect(listed).toContainEqual({ code: 131049, when: 'later', ending: '0131049', title: expect.any(String) });
		expect((await send(text())).status).toBe(200);
	});

	test('is one like any other when that is switched off', async () => {
		const { send, control } = await stage({ webhookUrl: null });
		await control('/faults', { number_errors: false });
		expect((await send({ ...text(), to: '5511990130429' })).status).toBe(200);
	});
});

describe('the portfolio’s limit of people in 24 hours', () => {
	test('lets templates go to so many people outside their window, the same person as often as one likes, and no more', async () => {
		const clock = stoppedClock();
		const { send, control, simulator } = await stage({ clock, webhookUrl: null });
		await control(`/numbers/${PADARIA}`, { messaging_limit: 'TIER_50' });
		await control('/faults', { throughput: null });
		const person = (index: number) => `55119${String(20_000_000 + index)}`;
		for (let index = 0; index < 50; index++) expect((await send(order(person(index)))).status).toBe(200);
		expect((await send(order(person(7)))).status).toBe(200);
		const refused = await send(order(person(50)));
		expect(refused.status).toBe(429);
		expect(refused.body.error).toMatchObject({ code: 131048 });
		// Free-form words to somebody who wrote are an answer, not a conversation of ours.
		expect((await send(text())).status).toBe(200);

		clock.advance(24 * 60 * 60 * 1000 + 1_000);
		expect((await send(order(person(50)))).status).toBe(200);
		const numbers = (await (await fetch(`${simulator.url}/_simulator/numbers`)).json()) as object[];
		expect(numbers).toContainEqual(expect.objectContaining({ phone_number_id: PADARIA, limit: 50, used: 1 }));
	});

	test('does not count somebody who has just written', async () => {
		const { send, control, writes, simulator } = await stage();
		await control(`/numbers/${PADARIA}`, { messaging_limit: 'TIER_50' });
		await writes({ kind: 'text', text: 'oi' });
		expect((await send(order(MARINA))).status).toBe(200);
		const numbers = (await (await fetch(`${simulator.url}/_simulator/numbers`)).json()) as object[];
		expect(numbers).toContainEqual(expect.objectContaining({ phone_number_id: PADARIA, used: 0 }));
	});
});

describe('an outage', () => {
	test('breaks every connection, and is over when its seconds are', async () => {
		const clock = new ShiftedClock();
		const { send, control } = await stage({ clock, webhookUrl: null });
		await control('/outage', { mode: 'down', seconds: 60 });
		await expect(send(text())).rejects.toThrow();
		clock.advance(61_000);
		await expect.poll(async () => (await send(text()).catch(() => null))?.status).toBe(200);
	});

	test('answers 503, until it is ended', async () => {
		const { send, control } = await stage({ webhookUrl: null });
		await control('/outage', { mode: 'unavailable' });
		const answer = await send(text());
		expect(answer.status).toBe(503);
		expect(answer.body.error).toMatchObject({ code: 2 });
		await control('/outage', { mode: 'none' });
		expect((await send(text())).status).toBe(200);
	});

	test('may accept a message and answer 500 all the same: the status tells that it was sent', async () => {
		const { send, control, door, until } = await stage();
		await control('/outage', { mode: 'after_accept' });
		const answer = await send({ ...text(), biz_opaque_callback_data: 'ours' });
		expect(answer.status).toBe(500);
		await until('its status came', () =>
			door.statuses().some((status) => status['biz_opaque_callback_data'] === 'ours' && status.status === 'sent')
		);
	});

	test('may be slow: an answer takes its time', async () => {
		const { send, control } = await stage({ webhookUrl: null });
		await control('/outage', { mode: 'slow' });
		const started = performance.now();
		expect((await send(text())).status).toBe(200);
		expect(performance.now() - started).toBeGreaterThan(290);
	});
});

describe('what Meta thinks of a number', () => {
	test('is told by webhook when it changes, and when it is asked', async () => {
		const { control, graph, door, until } = await stage();
		await control(`/numbers/${PADARIA}`, { quality_rating: 'RED', messaging_limit: 'TIER_10K', throughput: 'HIGH' });
		await until('all was told', () => door.changes().length >= 4);
		expect(door.changes().map(({ field, value }) => `${field} ${value['event'] ?? ''}`.trim())).toEqual(
			expect.arrayContaining([
				'phone_number_quality_update FLAGGED',
				'phone_number_quality_update THROUGHPUT_UPGRADE',
				'phone_number_quality_update UPGRADE',
				'business_capability_update'
			])
		);
		const { body } = await graph('GET', `/v26.0/${PADARIA}?fields=quality_rating,throughput,messaging_limit_tier`);
		expect(body).toMatchObject({
			quality_rating: 'RED',
			throughput: { level: 'HIGH' },
			messaging_limit_tier: 'TIER_10K'
		});
	});
});

test('files and their addresses can be made to expire now', async () => {
	const { simulator, graph, control, writes, door, until } = await stage();
	await writes({ kind: 'image', data: Buffer.from('a picture').toString('base64'), mime_type: 'image/png' });
	await until('it arrived', () => door.messages().length === 1);
	const id = (door.messages()[0]?.['image'] as { id: string }).id;
	const address = async () => String((await graph('GET', `/v26.0/${id}`)).body['url']);
	const download = async (url: string) =>
		(await fetch(url, { headers: { authorization: 'Bearer demo-token-padaria' } })).status;

	const url = await address();
	expect(await download(url)).toBe(200);
	await control('/media/expire', { what: 'urls' });
	expect(await download(url)).toBe(404);
	expect(await download(await address()), 'a new address works').toBe(200);
	expect((await control('/media/expire', { what: 'received' })).body).toEqual({ expired: 1 });
	expect((await graph('GET', `/v26.0/${id}`)).status).toBe(400);
	expect(simulator.world.media.get(id)).toBeNull();
});

describe('beside the Cloud API', () => {
	test('an answer from the phone app, its past, a call and a group message reach the door', async () => {
		const { control, door, until } = await stage();
		const who = { phone_number_id: PADARIA, customer: MARINA };
		await control('/echo', { ...who, text: 'Respondi pelo celular' });
		await control('/history-sync', { ...who, count: 6 });
		await control('/call', { ...who, outcome: 'missed' });
		await control('/group', { ...who, text: 'Oi, grupo' });
		await until('all four came', () => door.changes().length >= 4);
		const fields = door.changes().map(({ field }) => field);
		expect(fields).toEqual(expect.arrayContaining(['smb_message_echoes', 'history', 'calls', 'messages']));
		const call = door.changes().find(({ field }) => field === 'calls');
		expect((call?.value['calls'] as { event: string }[]).map(({ event }) => event)).toEqual(['connect', 'terminate']);
	});
});
