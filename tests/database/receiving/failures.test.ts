import { beforeAll, expect, test } from 'vitest';
import type { Event } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { openShop, to, type Shop } from './shop.ts';

const database = useDatabase();
let shop: Shop;
beforeAll(async () => {
	shop = await openShop(database.owner);
});

/** An event that a check of the table refuses. */
const poison = (): Event => ({ ...textFrom('5511987650001', 'Veneno'), kind: 'NOT A KIND' }) as unknown as Event;
const bodies = async () =>
	(await database.owner`select body from public.messages where tenant_id = ${shop.tenantId}`).map(({ body }) =>
		String(body)
	);

test('an event that cannot be written is set aside with its error, and the others of its body and call go through', async () => {
	const mixed = delivery(to(shop, [textFrom('5511987650001', 'Antes'), poison(), textFrom('5511987650002', 'Depois')]));
	const beside = delivery(to(shop, [textFrom('5511987650003', 'Ao lado')]));
	expect(await receive(database.door, [mixed, beside])).toEqual([
		{ stored: 2, duplicate: 0, failed: 1 },
		{ stored: 1, duplicate: 0, failed: 0 }
	]);
	expect((await bodies()).sort()).toEqual(['Antes', 'Ao lado', 'Depois']);

	const [kept] = await database.owner`
		select id, status, error, failed_events, raw from public.webhook_events where sha256 = ${mixed.sha256}`;
	expect(kept).toMatchObject({ status: 'failed', raw: mixed.raw });
	expect(kept?.error).toMatch(/^23514: .*kind/);
	expect(kept?.failed_events).toHaveLength(1);
	const jobs = await database.owner`
		select key from graphile_worker.jobs where task_identifier = 'webhook_event__retry'`;
	expect(jobs).toEqual([{ key: `webhook_event:${String(kept?.id)}` }]);
});

test('what was set aside is tried again: it stays while it still fails, and lands once it can', async () => {
	const body = delivery(to(shop, [poison()]));
	await receive(database.door, [body]);
	const find = () =>
		database.owner`select id, status, failed_events from public.webhook_events where sha256 = ${body.sha256}`;
	const retry = async () => {
		const [kept] = await find();
		const [row] = await database.worker`select private.retry_webhook_event(${String(kept?.id)}) as failed`;
		return row?.failed;
	};

	expect(await retry()).toBe(1);
	expect(await find()).toMatchObject([{ status: 'failed', failed_events: [{ body: 'Veneno' }] }]);

	// Somebody mends what was wrong.
	await database.owner`
		update public.webhook_events
		set failed_events = jsonb_set(failed_events, '{0,kind}', '"text"')
		where sha256 = ${body.sha256}`;
	expect(await retry()).toBe(0);
	expect(await find()).toMatchObject([{ status: 'processed', failed_events: null }]);
	expect(await bodies()).toContain('Veneno');
	expect(await retry()).toBe(0);
	expect((await bodies()).filter((text) => text === 'Veneno')).toHaveLength(1);
});

test('what keeps failing is tried ever more rarely, at least once a day', async () => {
	const body = delivery(to(shop, [poison()]));
	await receive(database.door, [body]);
	const [kept] = await database.owner`select id from public.webhook_events where sha256 = ${body.sha256}`;
	const id = String(kept?.id);
	const pauseAfter = async (waited: string) => {
		await database.owner`update public.webhook_events set received_at = now() - ${waited}::interval where id = ${id}`;
		await database.worker`select private.retry_webhook_event(${id})`;
		const [job] = await database.owner`
			select round(extract(epoch from run_at - now()) / 60)::integer as minutes
			from graphile_worker.jobs where key = ${`webhook_event:${id}`}`;
		return job?.minutes as number;
	};
	expect([await pauseAfter('10 seconds'), await pauseAfter('2 hours'), await pauseAfter('20 days')]).toEqual([
		1,
		120,
		24 * 60
	]);
});

test('the same body again, even within one call, is counted and changes nothing', async () => {
	const body = delivery(to(shop, [textFrom('5511987650004', 'Uma vez')]));
	expect(await receive(database.door, [body, body])).toEqual([
		{ stored: 1, duplicate: 0, failed: 0 },
		{ stored: 0, duplicate: 1, failed: 0 }
	]);
	expect(await receive(database.door, [body])).toEqual([{ stored: 0, duplicate: 1, failed: 0 }]);
	expect((await bodies()).filter((text) => text === 'Uma vez')).toHaveLength(1);
	const kept = await database.owner`select deliveries from public.webhook_events where sha256 = ${body.sha256}`;
	expect(kept).toEqual([{ deliveries: 3 }]);
});

test('a body that was no JSON is kept with its error, for its own app as for ours', async () => {
	const ours = { ...delivery([], '{"broken'), error: 'not_json' };
	const own = { ...delivery([], '{"broken too'), error: 'not_json', channel_id: shop.channelId };
	expect(await receive(database.door, [ours, own])).toEqual([
		{ stored: 0, duplicate: 0, failed: 0 },
		{ stored: 0, duplicate: 0, failed: 0 }
	]);
	const kept = await database.owner`
		select status, error, channel_id, raw from public.webhook_events where error = 'not_json' order by raw desc`;
	expect(kept).toEqual(
		[
			{ status: 'unclaimed', error: 'not_json', channel_id: null, raw: '{"broken' },
			{ status: 'failed', error: 'not_json', channel_id: shop.channelId, raw: '{"broken too' }
		].sort((a, b) => (a.raw < b.raw ? 1 : -1))
	);
});

test('nothing handed in is nothing done', async () => {
	const [row] = await database.door`select private.receive('[]') as answer`;
	expect(row?.answer ?? []).toEqual([]);
});
