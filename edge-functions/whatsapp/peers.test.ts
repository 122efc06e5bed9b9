import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { NUMBERS } from '../../tests/database/people.ts';
import { APP_SECRET, signature, startDoor, type RunningDoor } from './process.testing.ts';

/*
 * What a widely used peer did when it was tried (Evolution API 2.3.6), each held here as a test by name: it acknowledged
 * before saving and lost 966 of 1,490 messages on a kill, stored one payload sent three times as three rows, lost the
 * second message of a batch, took a forged signature, and at 100 messages/s wrote the wrong sender on 43 % of rows.
 */

const database = useDatabase();
let door: RunningDoor;

beforeAll(async () => {
	door = await startDoor(database.url('prosa_door'));
});
afterAll(() => door.stop());

interface Said {
	id: string;
	from: string;
	text: string;
}

const said = (from: string, text: string): Said => ({ id: `wamid.${randomUUID()}`, from, text });

/** One webhook with these messages in it. */
function body(...messages: Said[]): string {
	return JSON.stringify({
		object: 'whatsapp_business_account',
		entry: [
			{
				id: `${NUMBERS.padaria}9`,
				changes: [
					{
						field: 'messages',
						value: {
							messaging_product: 'whatsapp',
							metadata: { display_phone_number: '551130030001', phone_number_id: NUMBERS.padaria },
							contacts: messages.map(({ from }) => ({ profile: { name: `Pessoa ${from}` }, wa_id: from })),
							messages: messages.map(({ id, from, text }) => ({
								id,
								from,
								timestamp: '1793966400',
								type: 'text',
								text: { body: text }
							}))
						}
					}
				]
			}
		]
	});
}

const stored = async (ids: string[]) => {
	const rows = await database.owner<{ external_id: string; body: string; phone: string; name: string }[]>`
		select m.external_id, m.body, c.phone, c.name
		from public.messages m
		join public.contacts c on c.id = m.contact_id
		where m.external_id = any(${ids})`;
	return [...rows];
};

test('killed while acknowledging: whatever was answered 200 is there, and what comes again is there once', async () => {
	const all = Array.from({ length: 600 }, (_, index) =>
		said(`5511970${String(index % 90).padStart(6, '0')}`, `k${index}`)
	);
	const answered = new Set<string>();
	const deliver = (messages: Said[]) =>
		Promise.all(
			Array.from({ length: 16 }, async (_, line) => {
				for (const message of messages.filter((_, index) => index % 16 === line)) {
					const answer = await door.post(body(message)).catch(() => null);
					if (answer?.status === 200) answered.add(message.id);
				}
			})
		);
	const burst = deliver(all);
	await expect.poll(() => answered.size, { interval: 2, timeout: 20_000 }).toBeGreaterThan(100);
	await door.stop(); // SIGKILL
	await burst;
	expect(answered.size).toBeLessThan(all.length);

	const kept = await stored([...answered]);
	expect(new Set(kept.map(({ external_id }) => external_id))).toEqual(answered);

	door = await startDoor(database.url('prosa_door'));
	await deliver(all);
	const rows = await stored(all.map(({ id }) => id));
	expect(rows.map(({ external_id }) => external_id).sort()).toEqual(all.map(({ id }) => id).sort());
});

test('one payload three times is one row', async () => {
	const message = said('5511971000001', 'uma vez só');
	const payload = body(message);
	await door.post(payload);
	await Promise.all([door.post(payload), door.post(payload)]);
	expect(await stored([message.id])).toHaveLength(1);
});

test('two messages in a batch are two rows, from two people where two wrote', async () => {
	const batch = [
		said('5511972000001', 'primeira'),
		said('5511972000001', 'segunda'),
		said('5511972000002', 'de outra')
	];
	expect((await door.post(body(...batch))).status).toBe(200);
	const rows = await stored(batch.map(({ id }) => id));
	expect(rows.map((row) => `${row.phone} ${row.body}`).sort()).toEqual([
		'5511972000001 primeira',
		'5511972000001 segunda',
		'5511972000002 de outra'
	]);
});

test('a forged signature, or none, is refused and leaves nothing', async () => {
	const message = said('5511973000001', 'falsa');
	const payload = body(message);
	for (const secret of ['somebody else’s secret', '', null]) {
		expect((await door.post(payload, { secret })).status, String(secret)).toBe(401);
	}
	// Signed well, but other bytes.
	const stolen = signature(APP_SECRET, body(said('5511973000002', 'outra')));
	const answer = await fetch(`${door.address}/whatsapp`, {
		method: 'POST',
		body: payload,
		headers: { 'content-type': 'application/json', 'x-hub-signature-256': stolen }
	});
	expect(answer.status).toBe(401);
	expect(await stored([message.id])).toEqual([]);
	const [raw] = await database.owner`select from public.webhook_events where raw like ${`%${message.id}%`}`;
	expect(raw).toBeUndefined();
});

test('no sender is mixed up at 100 messages a second over 250 people', async () => {
	const all = Array.from({ length: 500 }, (_, index) => {
		const from = `5511974${String((index * 7919) % 250).padStart(6, '0')}`;
		return said(from, `sou ${from}`);
	});
	const started = performance.now();
	await Promise.all(
		all.map(async (message, index) => {
			await wait(Math.max(0, index * 10 - (performance.now() - started)));
			expect((await door.post(body(message))).status).toBe(200);
		})
	);
	const rows = await stored(all.map(({ id }) => id));
	expect(rows).toHaveLength(all.length);
	const wrong = rows.filter((row) => row.body !== `sou ${row.phone}` || row.name !== `Pessoa ${row.phone}`);
	expect(wrong).toEqual([]);
});
