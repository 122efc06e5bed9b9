import { beforeAll, expect, test } from 'vitest';
import type { Event, Message } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { ledgerOf } from './ledger.ts';
import { openShop, to, type Shop } from './shop.ts';

const database = useDatabase();
let shop: Shop;
beforeAll(async () => {
	shop = await openShop(database.owner);
});

const hand = (...events: Event[]) => receive(database.door, [delivery(to(shop, events))]);

test('two different messages under one id are both kept, the same way round in any order', async () => {
	const sent_at = '2026-03-02T12:00:00Z';
	const messages = ['Um', 'Dois', 'Três'].map((text) =>
		textFrom('5511987650001', text, { external_id: 'one id', sent_at })
	);
	const out = textFrom('5511987650001', 'Nosso', {
		external_id: 'one id',
		sent_at,
		direction: 'out',
		author: 'agent',
		counts_unread: false
	});
	const ledgers = [];
	for (const order of [
		[0, 1, 2, 3],
		[3, 2, 1, 0],
		[1, 3, 0, 2],
		[2, 0, 3, 1]
	]) {
		const other = await openShop(database.owner);
		const all = [...messages, out];
		for (const n of [...order, ...order]) {
			await receive(database.door, [delivery(to(other, [all[n] as Message]), `${n} ${Math.random()}`)]);
		}
		ledgers.push(await ledgerOf(database.owner, other.tenantId));
	}
	for (const ledger of ledgers) {
		expect(ledger).toEqual(ledgers[0]);
		expect((ledger.messages ?? []).map((message) => (message as { body: string }).body).sort()).toEqual([
			'Dois',
			'Nosso',
			'Três',
			'Um'
		]);
	}
});

test('a clock far in the future opens no longer window and holds neither preview nor list', async () => {
	const phone = '5511987650002';
	await hand(textFrom(phone, 'Do futuro', { sent_at: '2099-01-01T00:00:00Z' }));
	await hand(textFrom(phone, 'De agora'));
	const [row] = await database.owner`
		select c.preview, c.window_expires_at <= now() + interval '24 hours' as short, c.last_message_at <= now() as arrived
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where p.tenant_id = ${shop.tenantId} and p.phone = ${phone}`;
	expect(row).toEqual({ preview: 'De agora', short: true, arrived: true });
});

test.each(['1970-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
	'a message dated %s is kept',
	async (sent_at) => {
		expect(await hand(textFrom('5511987650003', sent_at, { sent_at }))).toEqual([
			{ stored: 1, duplicate: 0, failed: 0 }
		]);
	}
);

test('a very late message opens no window', async () => {
	await hand(textFrom('5511987650004', 'De ontem', { sent_at: new Date(Date.now() - 30 * 3_600_000).toISOString() }));
	const [row] = await database.owner`
		select c.window_expires_at < now() as closed
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where p.tenant_id = ${shop.tenantId} and p.phone = '5511987650004'`;
	expect(row?.closed).toBe(true);
});

test('after an ad there are three days to answer', async () => {
	await hand(textFrom('5511987650005', 'Vi o anúncio', { free_entry_point: true }));
	await hand(textFrom('5511987650005', 'Ainda aí?'));
	const [row] = await database.owner`
		select c.window_expires_at > now() + interval '71 hours' as three_days
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where p.tenant_id = ${shop.tenantId} and p.phone = '5511987650005'`;
	expect(row?.three_days).toBe(true);
});

test('a name that a person typed stays, whatever the phone calls itself later, also through a merge', async () => {
	const identities = [
		{ kind: 'phone' as const, value: '5511987650006', address: '5511987650006' },
		{ kind: 'bsuid' as const, value: 'BR.6', address: 'BR.6' }
	];
	const by = (name: string, ...which: number[]) =>
		textFrom('5511987650006', 'Oi', {
			name,
			identities: identities.filter((_, n) => which.includes(n)),
			phone_number_id: '106540352242922'
		});
	await receive(database.door, [delivery([by('maria 🌸', 0)])]);
	await receive(database.door, [delivery([by('Mari', 1)])]);
	await database.as(
		'caio',
		(sql) => sql`update public.contacts set name = 'Maria Souza (padaria)' where name = 'maria 🌸'`
	);
	await receive(database.door, [delivery([by('outra vez', 0)])]);
	await receive(database.door, [delivery([by('juntas', 0, 1)])]);
	const contacts = await database.owner`
		select c.name, c.phone, array_agg(i.value order by i.value) as identities
		from public.contacts c
		join public.contact_identities i on i.contact_id = c.id
		where c.tenant_id = ${uuid('padaria')}
		group by c.id`;
	expect(contacts).toEqual([
		{ name: 'Maria Souza (padaria)', phone: '5511987650006', identities: ['5511987650006', 'BR.6'] }
	]);
});

test('a message from nobody we understand is kept under one nameless contact', async () => {
	await hand(textFrom('', 'Quem?', { identities: [], name: null }), textFrom('', 'Eu', { identities: [], name: null }));
	const [row] = await database.owner`
		select count(distinct m.contact_id)::integer as contacts, count(*)::integer as messages
		from public.messages m
		join public.contact_identities i on i.contact_id = m.contact_id and i.value = 'unknown'
		where m.tenant_id = ${shop.tenantId}`;
	expect(row).toEqual({ contacts: 1, messages: 2 });
});

test('a merge is on record: who was folded into whom', async () => {
	const [phone, user] = [
		{ kind: 'phone' as const, value: '5511987650007', address: '5511987650007' },
		{ kind: 'bsuid' as const, value: 'BR.7', address: 'BR.7' }
	];
	await hand(textFrom('', 'Pelo número', { identities: [phone] }));
	await hand(textFrom('', 'Pelo nome', { identities: [user] }));
	await hand(textFrom('', 'Sou eu', { identities: [phone, user] }));
	const log = await database.owner`
		select action, table_name from public.audit_log
		where tenant_id = ${shop.tenantId} and table_name in ('contacts', 'contact_identities', 'conversations')
		order by id`;
	expect(log).toEqual(
		expect.arrayContaining([
			{ action: 'update', table_name: 'contact_identities' },
			{ action: 'delete', table_name: 'conversations' },
			{ action: 'delete', table_name: 'contacts' }
		])
	);
});
