import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { metaRetry, nextRetry } from '../src/webhook/retry.ts';
import { MARINA, PADARIA, SECRET, stage, stoppedClock, text } from './stage.ts';

describe('a webhook', () => {
	test('is signed over its exact bytes', async () => {
		const { writes, door, until } = await stage();
		await writes({ kind: 'text', text: 'Bom dia ☀️ açaí' });
		await until('it arrived', () => door.arrivals.length === 1);
		const [arrival] = door.arrivals;
		expect(arrival?.signature).toBe(
			`sha256=${createHmac('sha256', SECRET)
				.update(arrival?.raw ?? '')
				.digest('hex')}`
		);
	});

	test('carries a customer’s text as Meta does', async () => {
		const { writes, door, until } = await stage();
		const id = await writes({ kind: 'text', text: 'Tem sonho hoje?' });
		await until('it arrived', () => door.arrivals.length === 1);
		expect(door.arrivals[0]?.body).toEqual({
			object: 'whatsapp_business_account',
			entry: [
				{
					id: '102290129340398',
					changes: [
						{
							field: 'messages',
							value: {
								messaging_product: 'whatsapp',
								metadata: { display_phone_number: '551130030001', phone_number_id: PADARIA },
								contacts: [
									{
										profile: { name: 'Marina Duarte' },
										wa_id: MARINA,
										user_id: expect.stringMatching(/^BR\.\d{19}$/) as unknown
									}
								],
								messages: [
									{
										from: MARINA,
										from_user_id: expect.stringMatching(/^BR\.\d{19}$/) as unknown,
										id,
										timestamp: expect.stringMatching(/^\d{10}$/) as unknown,
										type: 'text',
										text: { body: 'Tem sonho hoje?' }
									}
								]
							}
						}
					]
				}
			]
		});
	});

	test('is tried again, with the same bytes, on anything but 200', async () => {
		const { writes, door, simulator } = await stage();
		door.answers.push(500, 201, 404);
		await writes({ kind: 'text', text: 'oi' });
		await simulator.idle();
		expect(door.arrivals).toHaveLength(4);
		expect(new Set(door.arrivals.map(({ raw }) => raw)).size).toBe(1);
		expect(simulator.world.log.since(0, 'webhook').map(({ status, attempt }) => [status, attempt])).toEqual([
			[500, 1],
			[201, 2],
			[404, 3],
			[200, 4]
		]);
	});

	test('is tried again later and later, for seven days', () => {
		const waits = [1, 2, 3, 4, 5, 6, 7].map((attempts) => nextRetry(metaRetry, attempts, 0));
		expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
		expect(nextRetry(metaRetry, 8, 7 * 24 * 60 * 60 * 1000)).toBeNull();
	});

	test('shares one body with others that are due together', async () => {
		const { writes, door, control, until } = await stage();
		await control('/faults', { paused: true });
		for (const from of ['5511987650001', '5511987650002', '5521998760003'])
			await writes({ from, kind: 'text', text: 'oi' });
		expect(door.arrivals).toHaveLength(0);
		await control('/faults', { paused: false });
		await until('all arrived', () => door.messages().length === 3);
		expect(door.arrivals).toHaveLength(1);
		expect(door.arrivals[0]?.body.entry[0]?.changes[0]?.value.contacts).toHaveLength(3);
	});

	test('keeps a chat in order while nothing goes wrong', async () => {
		const { writes, door, until } = await stage();
		for (let index = 0; index < 12; index++) await writes({ kind: 'text', text: String(index) });
		await until('all arrived', () => door.messages().length === 12);
		expect(door.messages().map((message) => (message['text'] as { body: string }).body)).toEqual(
			Array.from({ length: 12 }, (_, index) => String(index))
		);
	});
});

describe('statuses', () => {
	test('come as sent, delivered and, once the chat is looked at, read', async () => {
		const { sent, door, control, until } = await stage();
		const id = await sent({ ...text(), biz_opaque_callback_data: 'mensagem-1' });
		await until('it was delivered', () => door.statuses().length === 2);
		expect((await control('/read', { phone_number_id: PADARIA, customer: MARINA })).body).toEqual({ read: [id] });
		await until('it was read', () => door.statuses().length === 3);
		expect(door.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
		for (const status of door.statuses()) {
			expect(status).toMatchObject({ id, recipient_id: MARINA, biz_opaque_callback_data: 'mensagem-1' });
		}
		expect(door.statuses()[0]?.pricing).toEqual({
			billable: false,
			pricing_model: 'PMP',
			type: 'free_customer_service',
			category: 'service'
		});
	});

	test('reach read by themselves for somebody who always reads', async () => {
		const { send, door, until, control } = await stage();
		await control('/customers/5585991230006', { auto_read_ms: 5 });
		await send({ ...text(), to: '5585991230006' });
		await until('it was read', () => door.statuses().some(({ status }) => status === 'read'));
	});

	test('stop at sent while the phone is off and go on when it is back', async () => {
		const { sent, door, control, until, simulator } = await stage();
		await control(`/customers/${MARINA}`, { online: false });
		await sent(text());
		await until('it was sent', () => door.statuses().length === 1);
		await new Promise((resolve) => setTimeout(resolve, 30));
		await simulator.idle();
		expect(door.statuses().map(({ status }) => status)).toEqual(['sent']);
		await control(`/customers/${MARINA}`, { online: true });
		await until('it was delivered', () => door.statuses().length === 2);
	});

	test('say why a message failed', async () => {
		const { send, door, until } = await stage();
		await send({ ...text(), to: '5511900000009' });
		await until('it failed', () => door.statuses().length === 1);
		expect(door.statuses()[0]).toMatchObject({
			status: 'failed',
			errors: [
				{
					code: 131026,
					title: 'Message undeliverable',
					message: 'Message undeliverable',
					error_data: { details: expect.any(String) as unknown }
				}
			]
		});
	});

	test('fail with the code that was asked for', async () => {
		const { sent, door, control, until } = await stage();
		await control('/faults', { fail: 1, fail_code: 131049 });
		await sent(text());
		await until('it failed', () => door.statuses().length === 1);
		expect(door.statuses()[0]?.errors?.[0]?.code).toBe(131049);
	});

	test('may overtake the answer to the send call', async () => {
		const { sent, door, control } = await stage();
		await control('/faults', { early_status: 1 });
		const id = await sent(text());
		expect(door.statuses().map((status) => [status.id, status.status])).toEqual([[id, 'sent']]);
	});
});

describe('seeded faults', () => {
	/** Twelve messages written at one moment, then let go: the order they arrive in, which chance alone decides. */
	async function arrivals(seed: number): Promise<string[]> {
		const clock = stoppedClock();
		const { writes, door, control, until } = await stage({ seed, clock });
		await control('/faults', { out_of_order: 0.4, paused: true });
		for (let index = 0; index < 12; index++) await writes({ kind: 'text', text: String(index) });
		clock.advance(60_000);
		await control('/faults', { paused: false });
		await until('all arrived', () => door.messages().length === 12);
		return door.messages().map((message) => (message['text'] as { body: string }).body);
	}

	test('deliver some webhooks twice, byte for byte', async () => {
		const { writes, door, control, until } = await stage();
		await control('/faults', { twice: 1 });
		await writes({ kind: 'text', text: 'oi' });
		await until('it came twice', () => door.arrivals.length === 2);
		expect(door.arrivals[0]?.raw).toBe(door.arrivals[1]?.raw);
		expect(door.arrivals[0]?.signature).toBe(door.arrivals[1]?.signature);
	});

	test('let later messages overtake, lose none, and do the same for the same seed', async () => {
		const first = await arrivals(7);
		const inOrder = Array.from({ length: 12 }, (_, index) => String(index));
		expect(first).not.toEqual(inOrder);
		expect([...first].sort((one, other) => Number(one) - Number(other))).toEqual(inOrder);
		expect(await arrivals(7)).toEqual(first);
		expect(await arrivals(8)).not.toEqual(first);
	});

	test('lose a first attempt that a later one makes good', async () => {
		const { writes, door, control, simulator } = await stage();
		await control('/faults', { dropped: 1 });
		await writes({ kind: 'text', text: 'oi' });
		await simulator.idle();
		expect(door.arrivals).toHaveLength(1);
		expect(simulator.world.log.since(0, 'webhook').map(({ status, fault }) => [status, fault])).toEqual([
			[0, 'dropped'],
			[200, null]
		]);
	});

	test('hold webhooks back for as long as asked', async () => {
		const { writes, door, control, until } = await stage();
		await control('/faults', { slow: 1, slow_ms: 120 });
		const started = performance.now();
		await writes({ kind: 'text', text: 'oi' });
		await until('it arrived', () => door.arrivals.length === 1);
		expect(performance.now() - started).toBeGreaterThan(110);
	});

	test('are refused in plain words when they make no sense', async () => {
		const { control } = await stage();
		const answer = await control('/faults', { twice: 2, wobble: true });
		expect(answer.status).toBe(400);
		expect(answer.body['error']).toContain('twice: between 0 and 1');
		expect(answer.body['error']).toContain('wobble');
	});
});
