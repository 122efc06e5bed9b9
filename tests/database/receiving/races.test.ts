import { beforeAll, expect, test } from 'vitest';
import type { Event, Status } from '../../../core/src/whatsapp/events.ts';
import { useDatabase, type Sql } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { ledgerOf } from './ledger.ts';
import { openShop, to, type Shop } from './shop.ts';

const database = useDatabase();
let shop: Shop;
beforeAll(async () => {
	shop = await openShop(database.owner);
});

const echo = (id: string) =>
	textFrom('5511987650001', 'Já enviamos', {
		direction: 'out',
		author: 'agent',
		external_id: id,
		opens_window: false,
		counts_unread: false
	});
const statusOf = (external_id: string, status: Status['status']): Status => ({
	type: 'status',
	phone_number_id: 'any',
	waba_id: 'any',
	identities: [],
	name: null,
	username: null,
	external_id,
	status,
	at: '2026-03-02T12:00:00Z',
	opaque: null,
	error: null,
	pricing: null
});

/** Holds `first` uncommitted until `second` has either ended or come to wait for it. */
async function atOnce(first: Event[], second: Event[]): Promise<void> {
	let later: Promise<unknown> = Promise.resolve();
	await database.door.begin(async (sql) => {
		await receive(sql as unknown as Sql, [delivery(to(shop, first))]);
		later = receive(database.door, [delivery(to(shop, second))]);
		await Promise.race([later, new Promise((done) => setTimeout(done, 300))]);
	});
	await later;
}

test('a status that arrives while its message is being written is not lost', async () => {
	await atOnce([echo('a')], [statusOf('a', 'delivered')]);
	const [message] = await database.owner`select status from public.messages where external_id = 'a'`;
	expect(message?.status).toBe('delivered');
});

test('a message that arrives while its status is being set aside finds it', async () => {
	await atOnce([statusOf('b', 'read')], [echo('b')]);
	const [message] = await database.owner`select status from public.messages where external_id = 'b'`;
	expect(message?.status).toBe('read');
});

test('a correction that arrives while its message is being written is applied', async () => {
	const edit = textFrom('5511987650002', 'Bom dia!', {
		kind: 'edit',
		content: { kind: 'edit', target: 'c', message: { kind: 'text', text: 'Bom dia!' } } as never,
		external_id: 'c edit',
		target_external_id: 'c',
		counts_unread: false
	});
	await atOnce([textFrom('5511987650003', 'Bmo dia', { external_id: 'c' })], [edit]);
	const [message] = await database.owner`select body from public.messages where external_id = 'c'`;
	expect(message?.body).toBe('Bom dia!');
});

test('the first messages of one new person, at once, make one contact and one open conversation', async () => {
	const messages = Array.from({ length: 12 }, (_, n) => textFrom('5511987650009', `Oi ${n}`));
	await Promise.all(messages.map((message) => receive(database.door, [delivery(to(shop, [message]))])));
	const rows = await database.owner`
		select c.id, v.id as conversation_id, v.last_seq, v.unread_count
		from public.contacts c
		join public.conversations v on v.contact_id = c.id
		where c.phone = '5511987650009'`;
	expect(rows).toEqual([expect.objectContaining({ last_seq: '12', unread_count: 12 })]);
	const [contacts] = await database.owner`
		select count(*)::integer as nameless from public.contacts c
		where tenant_id = ${shop.tenantId}
			and not exists (select from public.contact_identities i where i.contact_id = c.id)`;
	expect(contacts?.nameless).toBe(0);
});

test('two doors that name the same people differently, in any order, never wait for one another', async () => {
	const people = Array.from({ length: 10 }, (_, n) => [
		{ kind: 'phone' as const, value: `55119876510${n}0`, address: `55119876510${n}0` },
		{ kind: 'bsuid' as const, value: `BR.${9 - n}`, address: `BR.${9 - n}` }
	]);
	// First everybody is known under both names; then each door uses one of them.
	await receive(database.door, [
		delivery(
			to(
				shop,
				people.map((identities) => ({ ...textFrom('1', 'Olá'), identities }))
			)
		)
	]);
	const lines = Array.from({ length: 4 }, async (_, line) => {
		for (let round = 0; round < 15; round++) {
			const events = people.map((identities, n) => ({
				...textFrom('1', `${line} ${round}`),
				identities: identities.slice((line + n) % 2, ((line + n) % 2) + 1)
			}));
			if (round % 2) events.reverse();
			await receive(database.door, [delivery(to(shop, events))]);
		}
	});
	await Promise.all(lines);
	const { failures } = await ledgerOf(database.owner, shop.tenantId);
	expect(failures).toBeNull();
	const [row] = await database.owner`
		select count(*)::integer as messages, count(distinct conversation_id)::integer as threads
		from public.messages
		where tenant_id = ${shop.tenantId} and body ~ '^[0-9]+ [0-9]+$'`;
	expect(row).toEqual({ messages: 600, threads: 10 });
});
