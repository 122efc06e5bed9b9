import { createHash } from 'node:crypto';
import type { JobHelpers, Task } from 'graphile-worker';
import { expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { delivery, receive, textFrom } from '../../../tests/database/deliveries.ts';
import { NUMBERS, uuid } from '../../../tests/database/people.ts';
import { brokenThreads } from '../../../tests/database/receiving/ledger.ts';
import { webhookEventApply } from './webhook_event__apply.ts';
import { webhookEventReparse } from './webhook_event__reparse.ts';

const database = useDatabase();
const helpers = { logger: { warn: () => undefined } } as unknown as JobHelpers;
const run = (task: Task, payload: unknown) => task(payload, helpers);
const apply = webhookEventApply({ db: database.worker });
const reparse = webhookEventReparse({ db: database.worker });

const idOf = async (sha256: string): Promise<string> => {
	const [row] = await database.owner<{ id: string }[]>`select id from public.webhook_events where sha256 = ${sha256}`;
	if (!row) throw new Error('the body was not kept');
	return row.id;
};
const stateOf = async (id: string) => {
	const [row] = await database.owner`
		select status, error, applied, pending_events is null as done from public.webhook_events where id = ${id}`;
	return row;
};
const messagesLike = async (text: string): Promise<number> => {
	const [row] = await database.owner<{ count: number }[]>`
		select count(*)::integer as count from public.messages where body like ${`${text}%`}`;
	return row?.count ?? 0;
};

/** A body of one text message to the bakery, as Meta sends it. */
const hook = (text: string, id: string) =>
	JSON.stringify({
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
							contacts: [{ profile: { name: 'Maria' }, wa_id: '5511987657001' }],
							messages: [
								{
									from: '5511987657001',
									id: `wamid.${id}`,
									timestamp: String(Math.floor(Date.now() / 1_000)),
									type: 'text',
									text: { body: text }
								}
							]
						}
					}
				]
			}
		]
	});

/** Keeps a body that the door could not read, tried so many hours ago. Gives its id. */
async function bare(raw: string, hours = 0): Promise<string> {
	const body = { ...delivery([], raw), error: 'parser_failed', channel_id: uuid('padaria channel') };
	await receive(database.door, [body]);
	const id = await idOf(body.sha256);
	await database.owner`
		update public.webhook_events set received_at = now() - make_interval(hours => ${hours}) where id = ${id}`;
	return id;
}

test('webhook_event__apply takes up a very large body where a crash left it, and repeats nothing', async () => {
	const events = Array.from({ length: 620 }, (_, at) =>
		textFrom(`55119870${String(at % 40).padStart(5, '0')}`, `Antiga ${at}`)
	);
	const body = delivery(events);
	await receive(database.door, [body]);
	const id = await idOf(body.sha256);
	expect(await stateOf(id)).toMatchObject({ status: 'pending', applied: 0, done: false });
	expect(await messagesLike('Antiga')).toBe(0);
	const jobs = await database.owner`
		select task_identifier from graphile_worker.jobs where key = ${`webhook_event_apply:${id}`}`;
	expect(jobs).toEqual([{ task_identifier: 'webhook_event__apply' }]);

	// A worker dies after its first portion: what it committed stays, what it had begun is gone.
	await database.worker`select private.apply_pending_webhook(${id})`;
	await expect(
		database.worker.begin(async (sql) => {
			await sql`select private.apply_pending_webhook(${id})`;
			throw new Error('killed');
		})
	).rejects.toThrow('killed');
	expect(await stateOf(id)).toMatchObject({ status: 'pending', applied: 100 });
	expect(await messagesLike('Antiga')).toBe(100);

	await run(apply, { webhook_event_id: id });
	expect(await stateOf(id)).toMatchObject({ status: 'processed', applied: 620, done: true });
	expect(await messagesLike('Antiga')).toBe(620);
	// The job again, and the body again: once each.
	await run(apply, { webhook_event_id: id });
	await receive(database.door, [body]);
	expect(await messagesLike('Antiga')).toBe(620);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('webhook_event__apply sets aside what can’t be applied and goes on with the rest', async () => {
	const events = Array.from({ length: 520 }, (_, at) => textFrom('5511987658000', `Com defeito ${at}`));
	const broken = events.map((event, at) => (at === 250 ? { ...event, sent_at: 'ontem' } : event));
	const body = delivery(broken);
	await receive(database.door, [body]);
	const id = await idOf(body.sha256);
	await run(apply, { webhook_event_id: id });
	expect(await stateOf(id)).toMatchObject({ status: 'failed', done: true });
	expect(await messagesLike('Com defeito')).toBe(519);
});

test('webhook_event__reparse reads a body kept bare as the door would today, once however often it runs', async () => {
	const id = await bare(hook('Lida de novo', 'again'));
	await run(reparse, { webhook_event_id: id });
	await run(reparse, { webhook_event_id: id });
	expect(await stateOf(id)).toMatchObject({ status: 'processed', error: null });
	expect(await messagesLike('Lida de novo')).toBe(1);
});

test('webhook_event__reparse says why a body stays unread, and a body that is gone is nothing to do', async () => {
	const id = await bare('{"object": ');
	await run(reparse, { webhook_event_id: id });
	expect(await stateOf(id)).toMatchObject({ status: 'failed', error: 'not_json' });
	await run(reparse, { webhook_event_id: uuid('nobody’s body') });
});

test('webhook_event__reparse by the clock takes what nobody tried for a day, and leaves the rest', async () => {
	const [old, fresh] = [await bare(hook('De ontem', 'old'), 30), await bare(hook('De agora', 'fresh'), 2)];
	await run(reparse, {});
	expect(await stateOf(old)).toMatchObject({ status: 'processed' });
	expect(await stateOf(fresh)).toMatchObject({ status: 'failed', error: 'parser_failed' });
	expect([await messagesLike('De ontem'), await messagesLike('De agora')]).toEqual([1, 0]);
});

test('webhook_event__reparse takes a company’s body for its own numbers alone, whatever it says', async () => {
	const raw = hook('Para a oficina', 'foreign').replaceAll(NUMBERS.padaria, NUMBERS.oficina);
	const id = await bare(raw);
	await run(reparse, { webhook_event_id: id });
	expect(await messagesLike('Para a oficina')).toBe(0);
	const [row] = await database.owner`select sha256, tenant_id from public.webhook_events where id = ${id}`;
	expect(row).toEqual({ sha256: createHash('sha256').update(raw).digest('hex'), tenant_id: uuid('padaria') });
});
