import { expect, test } from 'vitest';
import type { Status } from '../../../core/src/whatsapp/events.ts';
import { useDatabase, type Database } from '../database.ts';
import { delivery, receive } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { conversationWith, reported, sentTo, withPrices, type Sent } from './ledger.ts';

const database = useDatabase();
const PHONE = '5511987650002';

/** A provider that says the category and nothing else. */
const UNTYPED = { pricing_model: 'PMP', category: 'service' };

async function arrange(db: Database, count: number): Promise<Sent[]> {
	await withPrices(db);
	await db.owner`update private.price_lists set free_service_messages = 5 where effective_from = '2026-10-01'`;
	const conversation = await conversationWith(db, PHONE);
	const all: Sent[] = [];
	for (let index = 0; index < count; index++) all.push(await sentTo(db, conversation, PHONE));
	return all;
}

const minute = (index: number) => `2026-11-10T12:${String(index).padStart(2, '0')}:00Z`;

test('the first of a month are free in the order of their delivery, however they are told and by however many doors at once', async () => {
	const all = await arrange(database, 16);
	const november = all.slice(0, 14);
	const shuffled = november
		.map((sent, index) => ({ sent, index }))
		.sort((a, b) => ((a.index * 5) % 14) - ((b.index * 5) % 14));
	const bodies = shuffled.map(({ sent, index }) => reported(sent, 'delivered', minute(index), UNTYPED));
	// Four doors at once, and every body twice.
	await Promise.all(
		[0, 1, 2, 3].map(async (door) => {
			for (const event of bodies.filter((_, index) => index % 4 === door)) {
				await receive(database.door, [delivery([event])]);
				await receive(database.door, [delivery([event], `again ${event.external_id}`)]);
			}
		})
	);
	const amounts = async (list: Sent[]) => {
		const rows = await database.owner<{ message_id: string; amount: string }[]>`
			select message_id, amount from public.charges where tenant_id = ${uuid('padaria')}`;
		return list.map(({ id }) => rows.find((row) => row.message_id === id)?.amount);
	};
	expect(await amounts(november)).toEqual([...Array(5).fill('0.000000'), ...Array(9).fill('0.006800')]);

	const tell = (event: Status) => receive(database.door, [delivery([event])]);
	// One that was delivered before all others and is told last: the fifth is free no more.
	const early = all[14];
	if (!early) throw new Error('there is no fifteenth');
	await tell(reported(early, 'delivered', '2026-11-09T12:00:00Z', UNTYPED));
	expect(await amounts([early])).toEqual(['0.000000']);
	expect((await amounts(november)).slice(3, 6)).toEqual(['0.000000', '0.006800', '0.006800']);

	// Another month has a thousand of its own.
	const december = all[15];
	if (!december) throw new Error('there is no sixteenth');
	await tell(reported(december, 'delivered', '2026-12-01T12:00:00Z', UNTYPED));
	expect(await amounts([december])).toEqual(['0.000000']);

	// The provider says after all that the early one was charged: its place is free again.
	await tell(reported(early, 'read', '2026-11-09T12:01:00Z', { ...UNTYPED, type: 'regular', billable: true }));
	expect(await amounts([early])).toEqual(['0.006800']);
	expect((await amounts(november)).slice(3, 6)).toEqual(['0.000000', '0.000000', '0.006800']);
});
