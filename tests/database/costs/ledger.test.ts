import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { chargeOf, conversationWith, ledger, REGULAR, reported, sentTo, withPrices } from './ledger.ts';

const database = useDatabase();
const BRAZIL = '5511987650001';

beforeAll(async () => {
	await withPrices(database);
});

const tell = (...events: Status[]) => receive(database.door, [delivery(events)]);

test('a delivered message stands in the ledger once, with country, category, template, author and the price of its day', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const sent = await sentTo(database, conversation, BRAZIL, 'template');
	const pricing = { ...REGULAR, category: 'marketing' };
	await tell(reported(sent, 'sent', '2026-10-20T12:00:00Z', pricing));
	expect(await chargeOf(database, sent)).toMatchObject({ amount: '0.062500', is_delivered: false });

	await tell(reported(sent, 'delivered', '2026-10-20T12:00:05Z', pricing));
	await tell(reported(sent, 'delivered', '2026-10-20T12:00:05Z', pricing));
	await tell(reported(sent, 'read', '2026-10-20T12:01:00Z'));

	expect(await chargeOf(database, sent)).toEqual({
		message_id: sent.id,
		category: 'marketing',
		country: 'BR',
		market: 'BR',
		free_reason: null,
		amount: '0.062500',
		reason: null,
		template: 'pedido_pronto',
		charged_on: '2026-10-20',
		is_delivered: true
	});
	const [row] = await database.owner`
		select conversation_id, channel_id, author, author_id, currency, price_list_id is not null as listed
		from public.charges where message_id = ${sent.id}`;
	expect(row).toEqual({
		conversation_id: conversation,
		channel_id: uuid('padaria channel'),
		author: 'agent',
		author_id: uuid('caio'),
		currency: 'USD',
		listed: true
	});
});

test('the provider decides what is free: a free entry point and the free thousand cost nothing', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	for (const type of ['free_entry_point', 'free_customer_service']) {
		const sent = await sentTo(database, conversation, BRAZIL);
		await tell(
			reported(sent, 'delivered', '2026-10-20T12:00:00Z', { pricing_model: 'PMP', type, category: 'service' })
		);
		expect(await chargeOf(database, sent)).toMatchObject({ amount: '0.000000', free_reason: type });
	}
});

test('a service message costs what utility costs since October 2026, and nothing before', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const service = { pricing_model: 'PMP', category: 'service' };
	const september = await sentTo(database, conversation, BRAZIL);
	await tell(reported(september, 'delivered', '2026-09-20T12:00:00Z', service));
	expect(await chargeOf(database, september)).toMatchObject({
		amount: '0.000000',
		free_reason: 'free_customer_service'
	});
	const october = await sentTo(database, conversation, BRAZIL);
	await tell(reported(october, 'delivered', '2026-10-01T12:00:00Z', { ...service, type: 'regular' }));
	expect(await chargeOf(database, october)).toMatchObject({ amount: '0.006800', free_reason: null });
});

test('a month ends at midnight where the company is', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const sent = await sentTo(database, conversation, BRAZIL);
	await tell(reported(sent, 'delivered', '2026-10-01T02:59:00Z', { ...REGULAR, category: 'utility' }));
	expect(await chargeOf(database, sent)).toMatchObject({ charged_on: '2026-09-30' });
});

test.each([
	['Argentina, which has a price of its own', '5491155550001', 'AR', '0.026000'],
	['Ecuador, in the rest of Latin America', '593991234567', 'rest_of_latin_america', '0.011300'],
	['Jamaica, whose +1 876 is not North America', '18765551234', 'rest_of_latin_america', '0.011300'],
	['the United States', '12025550100', 'north_america', '0.003400'],
	['a country that no list names', '6799991234', 'other', '0.007700']
])('the country is read from the number: %s', async (_name, phone, market, amount) => {
	const conversation = await conversationWith(database, phone);
	const sent = await sentTo(database, conversation, phone);
	await tell(reported(sent, 'delivered', '2026-11-02T12:00:00Z', { ...REGULAR, category: 'utility' }));
	expect(await chargeOf(database, sent)).toMatchObject({ market, amount });
});

test('a price that nobody knows is a row without an amount that says why', async () => {
	const spain = '34600000000';
	const conversation = await conversationWith(database, spain);
	const sent = await sentTo(database, conversation, spain);
	await tell(reported(sent, 'delivered', '2026-11-02T12:00:00Z', { ...REGULAR, category: 'utility' }));
	expect(await chargeOf(database, sent)).toMatchObject({ market: 'ES', amount: null, reason: 'price_unknown' });

	const before = await sentTo(database, conversation, spain);
	await tell(reported(before, 'delivered', '2024-01-02T12:00:00Z', { ...REGULAR, category: 'utility' }));
	expect(await chargeOf(database, before)).toMatchObject({ amount: null, reason: 'no_price_list' });

	const byConversation = await sentTo(database, conversation, spain);
	await tell(
		reported(byConversation, 'delivered', '2025-07-02T12:00:00Z', {
			billable: true,
			pricing_model: 'CBP',
			category: 'utility'
		})
	);
	expect(await chargeOf(database, byConversation)).toMatchObject({ amount: null, reason: 'charged_by_conversation' });
});

test('a message that failed after it was sent owes nothing', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const sent = await sentTo(database, conversation, BRAZIL);
	await tell(reported(sent, 'sent', '2026-11-02T12:00:00Z', { ...REGULAR, category: 'service' }));
	await tell(reported(sent, 'failed', '2026-11-02T12:00:01Z'));
	expect(await chargeOf(database, sent)).toMatchObject({ is_delivered: false });
	const cost = await database.as('ana', (sql) => sql`select public.conversation_cost(${conversation}) as cost`);
	const delivered = (await ledger(database)).filter((charge) => charge.is_delivered);
	expect(cost[0]?.['cost']).toMatchObject({ currency: 'USD' });
	expect(delivered.map((charge) => charge.message_id)).not.toContain(sent.id);
});

test('whatever order its statuses come in, repeated or not, a message has the same row', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const pricing = { ...REGULAR, category: 'utility' };
	await fc.assert(
		fc.asyncProperty(
			fc.shuffledSubarray([0, 1, 2, 3, 4, 0, 1, 2], { minLength: 8, maxLength: 8 }),
			fc.boolean(),
			async (order, together) => {
				const sent = await sentTo(database, conversation, BRAZIL);
				const told = [
					reported(sent, 'sent', '2026-10-31T20:00:00Z', { billable: true, category: 'utility' }),
					reported(sent, 'delivered', '2026-11-02T20:00:05Z', pricing),
					reported(sent, 'read', '2026-11-01T12:00:00Z'),
					reported(sent, 'played', '2026-11-03T12:00:00Z'),
					reported(sent, 'delivered', '2026-11-04T12:00:00Z', { ...pricing, category: 'marketing' })
				];
				const events = order.map((index) => told[index]).filter((event) => event !== undefined);
				if (together) await tell(...events);
				else for (const event of events) await tell(event);
				expect(await chargeOf(database, sent)).toMatchObject({
					category: 'utility',
					amount: '0.006800',
					charged_on: '2026-11-01',
					is_delivered: true
				});
			}
		),
		{ numRuns: 25 }
	);
});

test('a status that is told before its message is known is charged once the message is', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const sent = await sentTo(database, conversation, BRAZIL);
	await database.owner`delete from private.message_keys where external_id = ${sent.external_id}`;
	await tell(reported(sent, 'delivered', '2026-11-02T12:00:00Z', { ...REGULAR, category: 'utility' }));
	expect(await chargeOf(database, sent)).toBeUndefined();
	await tell({
		...reported(sent, 'sent', '2026-11-02T11:59:00Z', { ...REGULAR, category: 'utility' }),
		opaque: sent.id
	});
	await database.owner`
		insert into private.client_keys (tenant_id, client_id, message_id, created_at)
		select tenant_id, client_id, id, created_at from public.messages where id = ${sent.id}`;
	await tell({ ...reported(sent, 'read', '2026-11-02T12:05:00Z'), opaque: sent.id });
	expect(await chargeOf(database, sent)).toMatchObject({ amount: '0.006800', is_delivered: true });
});

test('a message that moves to another conversation takes its cost along', async () => {
	const conversation = await conversationWith(database, BRAZIL);
	const other = await conversationWith(database, '5511987650777');
	const sent = await sentTo(database, conversation, BRAZIL);
	await tell(reported(sent, 'delivered', '2026-11-02T12:00:00Z', { ...REGULAR, category: 'utility' }));
	await database.owner`
		update public.messages set conversation_id = ${other}, seq = seq + 1000 where id = ${sent.id}`;
	const [row] = await database.owner`select conversation_id from public.charges where message_id = ${sent.id}`;
	expect(row?.['conversation_id']).toBe(other);
});
