import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Event } from '../../core/src/whatsapp/events.ts';
import { useDatabase, type Transaction } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { NUMBERS, uuid } from './people.ts';

const database = useDatabase();
const padaria = uuid('padaria');

const hook = (number: string, text: string) =>
	JSON.stringify({
		object: 'whatsapp_business_account',
		entry: [
			{ id: `${number}9`, changes: [{ field: 'messages', value: { metadata: { phone_number_id: number }, text } }] }
		]
	});

/** A body of the bakery's that its door kept bare. */
async function bare(raw: string, error = 'not_json'): Promise<string> {
	const body = { ...delivery([], raw), error, channel_id: uuid('padaria channel') };
	await receive(database.door, [body]);
	const [row] = await database.owner`select id from public.webhook_events where sha256 = ${body.sha256}`;
	return String(row?.id);
}

const list = (sql: Transaction, more = '') =>
	sql.unsafe(`select * from public.list_webhook_events('${padaria}'${more})`);

async function statusOf(id: string) {
	const [row] = await database.owner`
		select status, error, raw, original_raw, mended_by, tenant_id from public.webhook_events where id = ${id}`;
	return row;
}

const parsed = (id: string, events: Event[]) =>
	database.worker`select private.receive_parsed(${id}, ${JSON.stringify(events)}::text::jsonb, null) as failed`;

test('an admin finds what failed by status, channel, time and error, a page at a time', async () => {
	const ids = [await bare('{"one'), await bare('{"two', 'receive_failed 22P05: x'), await bare('{"three')];
	await receive(database.door, [delivery([textFrom('5511987650901', 'Foi')])]);
	const failed = await database.as('ana', (sql) => list(sql, ", array['failed']"));
	expect(failed.map(({ id }) => String(id)).sort()).toEqual(ids.toSorted());
	const byError = await database.as('ana', (sql) => list(sql, ", array['failed'], with_error => '22P05'"));
	expect(byError.map(({ id }) => id)).toEqual([ids[1]]);
	expect(await database.as('ana', (sql) => list(sql, ", null, since => now() + interval '1 hour'"))).toEqual([]);
	expect(await database.as('ana', (sql) => list(sql, `, null, of_channel => '${randomUUID()}'`))).toEqual([]);
	const [first] = await database.as('ana', (sql) => list(sql, ", array['failed'], page => 1"));
	const second = await database.as('ana', (sql) =>
		list(sql, `, array['failed'], before_at => '${(first?.received_at as Date).toISOString()}', page => 10`)
	);
	expect(second.map(({ id }) => id)).not.toContain(first?.id);
	for (const person of ['sofia', 'caio'] as const) {
		await expect(database.as(person, (sql) => list(sql))).rejects.toMatchObject({ message: 'not_allowed' });
	}
	await expect(database.as('bruno', (sql) => list(sql))).rejects.toMatchObject({ message: 'tenant_not_found' });
});

test('a body for a number nobody has connected is seen by the admins of its account, and by nobody where several share it', async () => {
	const events = [
		{ ...textFrom('5511987650902', 'Cedo demais'), phone_number_id: '800000000001', waba_id: `${NUMBERS.padaria}9` }
	];
	const strangers = [
		{ ...textFrom('5511987650902', 'De outro'), phone_number_id: '800000000002', waba_id: '800000000009' }
	];
	const mixed = [textFrom('5511987650903', 'Da padaria'), ...events];
	await receive(database.door, [delivery(events), delivery(strangers), delivery(mixed)]);
	const seen = await database.as('ana', (sql) => list(sql, ", array['unclaimed']"));
	expect(seen).toHaveLength(1);
	expect(
		await database.as(
			'bruno',
			(sql) => sql`select * from public.list_webhook_events(${uuid('oficina')}, array['unclaimed'])`
		)
	).toEqual([]);
	const [row] = await database.as(
		'ana',
		(sql) => sql`select raw from public.read_webhook_event(${String(seen[0]?.id)})`
	);
	expect(String(row?.raw)).toContain('Cedo demais');
	await expect(
		database.as('bruno', (sql) => sql`select public.read_webhook_event(${String(seen[0]?.id)})`)
	).rejects.toMatchObject({ message: 'webhook_event_not_found' });

	await database.owner`
		insert into public.channels (tenant_id, type, name, phone_number_id, waba_id)
		values (${uuid('oficina')}, 'whatsapp', 'Vizinha', '800000000003', ${`${NUMBERS.padaria}9`})`;
	expect(await database.as('ana', (sql) => list(sql, ", array['unclaimed']"))).toEqual([]);
	await database.owner`delete from public.channels where phone_number_id = '800000000003'`;
});

test('a mended body keeps its original, is audited without its text, and a replay applies it once', async () => {
	const id = await bare('{"broken: "Segredo do cliente"');
	const raw = hook(NUMBERS.padaria, 'mended');
	await database.as('ana', (sql) => sql`select public.mend_webhook_event(${id}, ${raw})`);
	expect(await statusOf(id)).toMatchObject({
		status: 'failed',
		raw,
		original_raw: '{"broken: "Segredo do cliente"',
		mended_by: uuid('ana')
	});
	const [audit] = await database.owner`
		select actor_id, before, after from public.audit_log where table_name = 'webhook_events' and row_id = ${id}`;
	expect(audit?.actor_id).toBe(uuid('ana'));
	expect(JSON.stringify(audit)).not.toContain('Segredo');

	const [replay] = await database.as(
		'ana',
		(sql) => sql`select * from public.replay_webhook_events(${padaria}, ${[id]})`
	);
	expect(replay).toMatchObject({ total: 1, done: 0, finished_at: null });
	const event = textFrom('5511987650904', 'Agora sim');
	for (let times = 0; times < 2; times++) {
		await database.worker`
			select private.replay_one(${String(replay?.id)}, ${id}, ${JSON.stringify([event])}::text::jsonb, null)`;
	}
	await database.worker`select private.continue_replay(${String(replay?.id)})`;
	expect(await statusOf(id)).toMatchObject({ status: 'processed', error: null });
	expect(await database.owner`select count(*)::integer as count from public.messages where body = 'Agora sim'`).toEqual(
		[{ count: 1 }]
	);
	const [done] = await database.as(
		'ana',
		(sql) => sql`select * from public.webhook_replays where id = ${String(replay?.id)}`
	);
	expect(done).toMatchObject({ total: 1, done: 1, failed: 0 });
	expect(done?.finished_at).not.toBeNull();
});

test('what a company mends speaks for its own numbers alone, whatever it says', async () => {
	const id = await bare('{"forged');
	const forged = [
		{ ...textFrom('5511987650905', 'Falsa'), phone_number_id: NUMBERS.oficina, waba_id: `${NUMBERS.oficina}9` }
	];
	const [row] = await parsed(id, forged);
	expect(row?.failed).toBe(1);
	expect(await statusOf(id)).toMatchObject({ status: 'failed', error: 'number_not_connected' });
	expect(await database.owner`select from public.messages where body = 'Falsa'`).toHaveLength(0);
});

test('what cannot be parsed is refused before it is kept, and only what failed can be mended or dismissed', async () => {
	const id = await bare('{"still broken');
	const mend = (raw: string) => database.as('ana', (sql) => sql`select public.mend_webhook_event(${id}, ${raw})`);
	for (const raw of ['{"worse', '[]', '"text"', '']) {
		await expect(mend(raw)).rejects.toMatchObject({ message: 'webhook_body_invalid' });
	}
	await database.as('ana', (sql) => sql`select public.dismiss_webhook_event(${id})`);
	const open = await database.as('ana', (sql) => list(sql, ", array['failed']"));
	expect(open.map((row) => row.id)).not.toContain(id);
	await receive(database.door, [delivery([textFrom('5511987650906', 'Bem')])]);
	const [fine] = await database.owner`select id from public.webhook_events where status = 'processed' limit 1`;
	await expect(
		database.as('ana', (sql) => sql`select public.dismiss_webhook_event(${String(fine?.id)})`)
	).rejects.toMatchObject({ message: 'webhook_event_not_failed' });
});

test('a replay of what went through already changes nothing', async () => {
	const event = textFrom('5511987650907', 'Uma só vez');
	const body = delivery([event]);
	await receive(database.door, [body]);
	const [row] = await database.owner`select id from public.webhook_events where sha256 = ${body.sha256}`;
	await parsed(String(row?.id), [event]);
	await parsed(String(row?.id), [event]);
	const [count] = await database.owner`
		select count(*)::integer as messages, max(c.unread_count) as unread
		from public.messages m join public.conversations c on c.id = m.conversation_id
		where m.body = 'Uma só vez'`;
	expect(count).toEqual({ messages: 1, unread: 1 });
});

test('what came for a number before it was connected is there once it is', async () => {
	const number = '800000000010';
	const event = { ...textFrom('5511987650908', 'Cheguei antes'), phone_number_id: number, waba_id: `${number}9` };
	await receive(database.door, [delivery([event])]);
	const [kept] = await database.owner`select id from public.webhook_events where waba_id = ${`${number}9`}`;
	const channel = randomUUID();
	await database.owner`
		insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id)
		values (${channel}, ${padaria}, 'whatsapp', 'Novo', ${number}, ${`${number}9`})`;
	const waiting = await database.worker`
		select id from private.unclaimed_for(${channel}, '-infinity', ${uuid('nothing')}, 10)`;
	expect(waiting).toEqual([{ id: kept?.id }]);
	await parsed(String(kept?.id), [event]);
	await parsed(String(kept?.id), [event]);
	const messages = await database.owner`select channel_id from public.messages where body = 'Cheguei antes'`;
	expect(messages).toEqual([{ channel_id: channel }]);
	const bodies = await database.owner`
		select status, tenant_id from public.webhook_events where sha256 = (select sha256 from public.webhook_events where channel_id = ${channel})`;
	expect(bodies).toEqual([{ status: 'processed', tenant_id: padaria }]);
});

test('a failure is forgotten only after an admin dismissed it, or ninety days', async () => {
	const [young, dismissed, old] = [await bare('{"young'), await bare('{"dismissed'), await bare('{"old')];
	await database.as('ana', (sql) => sql`select public.dismiss_webhook_event(${dismissed})`);
	await database.owner`update public.webhook_events set received_at = now() - interval '31 days' where id in ${database.owner([young, dismissed])}`;
	await database.owner`update public.webhook_events set received_at = now() - interval '91 days' where id = ${old}`;
	await database.worker`select private.purge_webhook_events()`;
	const left =
		await database.owner`select id from public.webhook_events where id in ${database.owner([young, dismissed, old])}`;
	expect(left).toEqual([{ id: young }]);
});

test('a very large body is kept at once and applied in portions, to the same rows, also after a crash between', async () => {
	const events = Array.from({ length: 620 }, (_, n) =>
		textFrom(`55119777${String(n % 40).padStart(5, '0')}`, `Grande ${n}`)
	);
	const body = delivery(events);
	expect(await receive(database.door, [body, body])).toEqual([
		{ stored: 620, duplicate: 0, failed: 0 },
		{ stored: 0, duplicate: 620, failed: 0 }
	]);
	const [kept] =
		await database.owner`select id, status, applied from public.webhook_events where sha256 = ${body.sha256}`;
	expect(kept).toMatchObject({ status: 'pending', applied: 0 });
	const count = async () =>
		Number((await database.owner`select count(*) from public.messages where body like 'Grande %'`)[0]?.count);
	expect(await count()).toBe(0);

	await expect(
		database.worker.begin(async (sql) => {
			await sql`select private.apply_pending_webhook(${String(kept?.id)})`;
			throw new Error('crash');
		})
	).rejects.toThrow('crash');
	const left: number[] = [];
	do {
		const [row] = await database.worker`select private.apply_pending_webhook(${String(kept?.id)}) as left`;
		left.push(Number(row?.left));
	} while (left.at(-1) !== 0);
	expect(left).toEqual([520, 420, 320, 220, 120, 20, 0]);
	expect(await count()).toBe(620);
	expect((await statusOf(String(kept?.id)))?.status).toBe('processed');
	expect(await receive(database.door, [body])).toEqual([{ stored: 0, duplicate: 620, failed: 0 }]);
});
