import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { openShop, to, type Shop } from './shop.ts';

const database = useDatabase();
let bakery: Shop;
let garage: Shop;
beforeAll(async () => {
	bakery = await openShop(database.owner);
	garage = await openShop(database.owner);
});

const bodiesOf = async (shop: Shop) =>
	(await database.owner`select body from public.messages where tenant_id = ${shop.tenantId} order by body`).map((row) =>
		String(row.body)
	);

test('a body for a number that nobody has connected is kept, and read when it comes again after the number was', async () => {
	const stranger = textFrom('5511987650001', 'Alguém aí?', { phone_number_id: '999999999999' });
	const body = delivery([stranger]);
	await receive(database.door, [body]);
	const kept = await database.owner`
		select tenant_id, channel_id, status, raw, deliveries from public.webhook_events where sha256 = ${body.sha256}`;
	expect(kept).toEqual([{ tenant_id: null, channel_id: null, status: 'unclaimed', raw: body.raw, deliveries: 1 }]);

	const shop = await openShop(database.owner);
	await database.owner`update public.channels set phone_number_id = '999999999999' where id = ${shop.channelId}`;
	expect(await receive(database.door, [body])).toEqual([{ stored: 1, duplicate: 0, failed: 0 }]);
	expect(await bodiesOf(shop)).toEqual(['Alguém aí?']);
});

test('a body that speaks to two companies is split: each keeps its own events and reads nothing of the other', async () => {
	const body = delivery([
		...to(bakery, [textFrom('5511987650001', 'Um bolo')]),
		...to(garage, [textFrom('5511987650001', 'Um pneu')])
	]);
	expect(await receive(database.door, [body])).toEqual([{ stored: 2, duplicate: 0, failed: 0 }]);
	expect(await bodiesOf(bakery)).toEqual(['Um bolo']);
	expect(await bodiesOf(garage)).toEqual(['Um pneu']);

	const kept = await database.owner<{ tenant_id: string | null; raw: string }[]>`
		select tenant_id, raw from public.webhook_events where sha256 = ${body.sha256}`;
	const rawOf = (id: string | null) => kept.find(({ tenant_id }) => tenant_id === id)?.raw ?? '';
	expect(kept).toHaveLength(3);
	expect(rawOf(bakery.tenantId)).toContain('Um bolo');
	expect(rawOf(bakery.tenantId)).not.toContain('Um pneu');
	expect(rawOf(garage.tenantId)).not.toContain('Um bolo');
	expect(rawOf(null)).toBe(body.raw);
});

test('the app of one company cannot write to the number of another', async () => {
	const forged = { ...delivery(to(garage, [textFrom('5511987650002', 'Forjada')])), channel_id: bakery.channelId };
	await receive(database.door, [forged]);
	expect(await bodiesOf(garage)).not.toContain('Forjada');
	expect(await bodiesOf(bakery)).not.toContain('Forjada');

	const own = { ...delivery(to(bakery, [textFrom('5511987650002', 'Legítima')])), channel_id: bakery.channelId };
	await receive(database.door, [own]);
	expect(await bodiesOf(bakery)).toContain('Legítima');
});

test('an app door of a channel that is gone writes to nobody', async () => {
	const gone = { ...delivery(to(garage, [textFrom('5511987650003', 'De lugar nenhum')])), channel_id: randomUUID() };
	await receive(database.door, [gone]);
	expect(await bodiesOf(garage)).not.toContain('De lugar nenhum');
});

test('a status of one company settles nothing of another, even with its message id', async () => {
	const out = textFrom('5511987650004', 'Pronto', {
		direction: 'out',
		author: 'agent',
		external_id: 'same id',
		counts_unread: false
	});
	await receive(database.door, [delivery(to(bakery, [out])), delivery(to(garage, [out]))]);
	const [message] = await database.owner`
		select id from public.messages where tenant_id = ${bakery.tenantId} and external_id = 'same id'`;
	await receive(database.door, [
		delivery(
			to(garage, [
				{
					type: 'status',
					phone_number_id: 'any',
					waba_id: 'any',
					identities: [],
					name: null,
					username: null,
					external_id: 'same id',
					status: 'read',
					at: new Date().toISOString(),
					opaque: String(message?.id),
					error: null,
					pricing: null
				}
			])
		)
	]);
	const rows = await database.owner`
		select tenant_id = ${garage.tenantId} as is_garage, status from public.messages where external_id = 'same id' order by 1`;
	expect(rows).toEqual([
		{ is_garage: false, status: 'sent' },
		{ is_garage: true, status: 'read' }
	]);
});

test('a notice for the whole account, without a number, reaches its company', async () => {
	await receive(database.door, [
		delivery(
			to(bakery, [
				{
					type: 'account',
					phone_number_id: null,
					waba_id: 'any',
					field: 'account_alerts',
					payload: { event: 'x' },
					at: new Date().toISOString()
				}
			])
		)
	]);
	const rows = await database.owner`select field from public.channel_events where tenant_id = ${bakery.tenantId}`;
	expect(rows).toEqual([{ field: 'account_alerts' }]);
});
