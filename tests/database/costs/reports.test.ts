import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { conversationWith, REGULAR, reported, sentTo, withPrices } from './ledger.ts';

const database = useDatabase();
const MARIA = '5511987650003';
const PABLO = '5491155550003';
const TODAY = new Date().toISOString();
let maria: string;
let pablo: string;

beforeAll(async () => {
	await withPrices(database);
	maria = await conversationWith(database, MARIA);
	pablo = await conversationWith(database, PABLO);
	for (const [conversation, phone, kind, category, at] of [
		[maria, MARIA, 'template', 'marketing', '2026-11-02T12:00:00Z'],
		[maria, MARIA, 'text', 'service', '2026-11-02T12:10:00Z'],
		[pablo, PABLO, 'template', 'utility', '2026-11-03T12:00:00Z'],
		[pablo, PABLO, 'text', 'service', '2026-10-31T12:00:00Z']
	] as const) {
		const sent = await sentTo(database, conversation, phone, kind);
		await receive(database.door, [delivery([reported(sent, 'delivered', at, { ...REGULAR, category })])]);
	}
});

const report = (person: Person, by: string, since = '2026-11-01', until = '2026-11-30') =>
	database.as(
		person,
		(sql) => sql`
			select key, label, messages::int, charged::int, free::int, unknown::int, amount::float8
			from public.costs(${uuid('padaria')}, ${since}, ${until}, ${by})`
	);

test('the costs of a period add up, whatever they are told apart by', async () => {
	const total = 0.0625 + 0.0068 + 0.026;
	for (const by of ['day', 'channel', 'category', 'agent', 'country', 'conversation']) {
		const rows = await report('ana', by);
		const sum = rows.reduce((all, row) => all + Number(row['amount']), 0);
		expect(sum, by).toBeCloseTo(total, 6);
	}
	expect([...(await report('ana', 'template'))]).toEqual([
		{ key: 'pedido_pronto', label: null, messages: 2, charged: 2, free: 0, unknown: 0, amount: 0.0885 }
	]);
	expect((await report('ana', 'day')).map((row) => row['key'])).toEqual(['2026-11-02', '2026-11-03']);
	expect((await report('aline', 'agent'))[0]).toMatchObject({ key: uuid('caio'), label: 'caio', messages: 3 });
	expect((await report('sofia', 'channel'))[0]).toMatchObject({ label: 'padaria' });
	expect((await report('ana', 'country')).map((row) => row['key'])).toEqual(['BR', 'AR']);
});

test('an agent sees no costs but learns what the next message would cost', async () => {
	await expect(report('caio', 'day')).rejects.toThrow('not_allowed');
	await expect(report('edu', 'day')).rejects.toThrow('tenant_not_found');
	const [row] = await database.as('caio', (sql) => sql`select public.price_of(${maria}, 'marketing') as price`);
	expect(row?.['price']).toEqual({ amount: 0.0625, currency: 'USD', free: false, reason: null, country: 'BR' });
});

test('a report that makes no sense is refused', async () => {
	await expect(report('ana', 'weather')).rejects.toThrow('report_invalid');
	await expect(report('ana', 'day', '2026-12-01', '2026-11-01')).rejects.toThrow('report_invalid');
	await expect(report('ana', 'day', '2020-01-01', '2026-11-01')).rejects.toThrow('report_invalid');
});

test('a conversation shows what it has cost to those who see costs', async () => {
	const cost = async (person: Person) =>
		(await database.as(person, (sql) => sql`select public.conversation_cost(${maria}) as cost`))[0]?.['cost'];
	expect(await cost('sofia')).toEqual({
		amount: 0.0693,
		currency: 'USD',
		messages: 2,
		charged: 2,
		free: 0,
		unknown: 0,
		// What it is made of, the dearest first.
		parts: [
			expect.objectContaining({ month: expect.stringMatching(/^\d{4}-\d{2}$/), category: 'marketing', amount: 0.0625 }),
			expect.objectContaining({ category: expect.any(String), amount: 0.0068 })
		]
	});
	await expect(cost('caio')).rejects.toThrow('not_allowed');
	await expect(cost('bruno')).rejects.toThrow('conversation_not_found');
});

test('a person shows what they have cost over all conversations, to those who see costs, also after a merge', async () => {
	const [{ contact_id: contact } = { contact_id: '' }] = await database.owner<{ contact_id: string }[]>`
		select contact_id from public.conversations where id = ${maria}`;
	const cost = async (person: Person, id: string) =>
		(await database.as(person, (sql) => sql`select public.contact_cost(${id}) as cost`))[0]?.['cost'] as {
			amount: number;
			messages: number;
		};
	expect(await cost('sofia', contact)).toMatchObject({ amount: 0.0693, messages: 2 });
	await expect(cost('caio', contact)).rejects.toThrow('not_allowed');
	await expect(cost('bruno', contact)).rejects.toThrow('contact_not_found');

	const [{ id: kept } = { id: '' }] = await database.owner<{ id: string }[]>`
		insert into public.contacts (tenant_id, name) select tenant_id, 'Maria S.' from public.contacts where id = ${contact} returning id`;
	const [merge] = await database.as(
		'sofia',
		(sql) => sql<{ id: string }[]>`select id from public.merge_contacts(${kept}, ${contact})`
	);
	expect(await cost('sofia', kept)).toMatchObject({ amount: 0.0693, messages: 2 });
	await database.as('sofia', (sql) => sql`select public.part_contacts(${merge?.id ?? ''})`);
	expect(await cost('sofia', kept)).toMatchObject({ amount: 0, messages: 0 });
	expect(await cost('sofia', contact)).toMatchObject({ amount: 0.0693, messages: 2 });
});

test('within 72 hours of an advertisement everything is free, and the first thousand answers are too', async () => {
	const price = async (conversation: string, category: string) =>
		(await database.as('ana', (sql) => sql`select public.price_of(${conversation}, ${category}) as price`))[0]?.[
			'price'
		];
	expect(await price(maria, 'service')).toMatchObject({ free: true, amount: 0, reason: 'free_customer_service' });
	await database.owner`update private.price_lists set free_service_messages = 0 where effective_from = '2026-10-01'`;
	expect(await price(maria, 'service')).toMatchObject({ free: false, amount: 0.0068 });
	await database.owner`update private.price_lists set free_service_messages = 1000 where effective_from = '2026-10-01'`;

	const fromAd = await conversationWith(database, '5511987650009', {
		content: { kind: 'text', text: 'Oi', referral: { source_type: 'ad' } },
		free_entry_point: true,
		sent_at: TODAY
	});
	expect(await price(fromAd, 'marketing')).toMatchObject({ free: true, amount: 0, reason: 'free_entry_point' });
});

test('a price that was missing is put in when a list is added, by an admin, and the audit keeps it', async () => {
	const spain = '34600000001';
	const conversation = await conversationWith(database, spain);
	const sent = await sentTo(database, conversation, spain);
	await receive(database.door, [
		delivery([reported(sent, 'delivered', '2026-11-04T12:00:00Z', { ...REGULAR, category: 'utility' })])
	]);
	await database.owner`
		update private.prices set amount = 0.02
		where market = 'ES' and category = 'utility'
			and price_list_id = (select id from private.price_lists where effective_from = '2026-10-01')`;
	const reprice = (person: Person) =>
		database.as(person, (sql) => sql`select public.reprice_costs(${uuid('padaria')}, '2026-11-01') as changed`);
	await expect(reprice('sofia')).rejects.toThrow('not_allowed');
	expect((await reprice('ana'))[0]?.['changed']).toBe(1);
	expect((await reprice('ana'))[0]?.['changed']).toBe(0);
	const [row] = await database.owner`select amount::float8, reason from public.charges where message_id = ${sent.id}`;
	expect(row).toEqual({ amount: 0.02, reason: null });
	const [audit] = await database.owner`
		select actor_id, before ->> 'reason' as reason, (after ->> 'amount')::float8 as amount
		from public.audit_log where table_name = 'charges' and row_id = ${sent.id}`;
	expect(audit).toEqual({ actor_id: uuid('ana'), reason: 'price_unknown', amount: 0.02 });
});

test('a person’s own ledger holds no other company’s rows', async () => {
	const seen = (person: Person) =>
		database.as(person, (sql) => sql`select distinct tenant_id from public.charges`.values());
	expect(await seen('ana')).toEqual([[uuid('padaria')]]);
	expect(await seen('bruno')).toEqual([]);
	expect(await seen('caio')).toEqual([]);
});
