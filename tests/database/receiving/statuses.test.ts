import { beforeAll, expect, test } from 'vitest';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { openShop, to, type Shop } from './shop.ts';

const database = useDatabase();
let shop: Shop;
beforeAll(async () => {
	shop = await openShop(database.owner);
});

let minute = 0;
function statusOf(external_id: string, status: Status['status']): Status {
	const error = status === 'failed' ? { code: 131026, title: 'Message undeliverable', details: null } : null;
	const at = new Date(Date.parse('2026-03-02T12:00:00Z') + minute++ * 60_000).toISOString();
	const nobody = { phone_number_id: 'any', waba_id: 'any', identities: [], name: null, username: null };
	return { type: 'status', ...nobody, external_id, status, at, opaque: null, error, pricing: null };
}

const echo = (external_id: string) =>
	textFrom('5511987650001', 'Pronto!', {
		direction: 'out',
		author: 'agent',
		external_id,
		counts_unread: false,
		opens_window: false
	});

function permutations<T>(items: T[]): T[][] {
	if (items.length <= 1) return [items];
	return items.flatMap((item, n) => permutations(items.toSpliced(n, 1)).map((rest) => [item, ...rest]));
}

async function outcomeOf(id: string): Promise<{ status: string; error: unknown }> {
	const [row] = await database.owner<{ status: string; error: unknown }[]>`
		select status, error from public.messages where tenant_id = ${shop.tenantId} and external_id = ${id}`;
	if (!row) throw new Error(`no message ${id}`);
	return row;
}

const tales: [told: Status['status'][], outcome: string][] = [
	[['sent', 'delivered', 'read'], 'read'],
	[['sent', 'delivered', 'played'], 'read'],
	[['sent', 'read'], 'read'],
	[['sent', 'failed'], 'failed'],
	[['failed', 'delivered'], 'delivered'],
	[['sent', 'failed', 'delivered', 'read'], 'read'],
	[['warning', 'sent', 'deleted'], 'sent']
];

test.each(tales)(
	'%j ends as %s, in whatever order it is told and before or after the message itself',
	async (told, outcome) => {
		for (const [n, order] of permutations(told).entries()) {
			for (const first of ['message first', 'message last']) {
				const id = `${told.join()} ${n} ${first}`;
				const statuses = order.map((status) => delivery(to(shop, [statusOf(id, status)])));
				const message = delivery(to(shop, [echo(id)]));
				for (const one of first === 'message first' ? [message, ...statuses] : [...statuses, message]) {
					await receive(database.door, [one]);
				}
				const { status, error } = await outcomeOf(id);
				expect(status, `${order.join()}, ${first}`).toBe(outcome);
				expect(error === null, `${order.join()}, ${first}`).toBe(outcome !== 'failed');
			}
		}
	}
);

test('every status told stays on record, once, and a raised status never goes back', async () => {
	await receive(database.door, [delivery(to(shop, [echo('kept')]))]);
	const told = [statusOf('kept', 'read'), statusOf('kept', 'delivered'), statusOf('kept', 'sent')];
	for (const status of [...told, ...told]) {
		await receive(database.door, [delivery(to(shop, [status]), `${JSON.stringify(status)}${Math.random()}`)]);
		expect((await outcomeOf('kept')).status).toBe('read');
	}
	const events = await database.owner`
		select e.type
		from public.message_events e
		join public.messages m on m.id = e.message_id
		where m.external_id = 'kept'
		order by e.occurred_at`;
	expect(events.map(({ type }) => String(type))).toEqual(['read', 'delivered', 'sent']);
});

test('a status of a message that came in is no status of ours', async () => {
	await receive(database.door, [delivery(to(shop, [textFrom('5511987650002', 'Oi', { external_id: 'theirs' })]))]);
	await receive(database.door, [delivery(to(shop, [statusOf('theirs', 'failed')]))]);
	expect((await outcomeOf('theirs')).status).toBe('received');
});

test('a status of what we never sent is forgotten after thirty days, not a day before', async () => {
	const age = (days: number) => database.owner`
		update private.early_events set created_at = now() - make_interval(days => ${days}) where external_id = 'somebody else'`;
	const purge = async () => (await database.worker`select private.purge_early_events() as gone`)[0]?.gone as number;
	await receive(database.door, [delivery(to(shop, [statusOf('somebody else', 'sent')]))]);
	await age(29);
	expect(await purge()).toBe(0);
	await age(31);
	expect(await purge()).toBe(1);
});
