import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';

const database = useDatabase();

test('of two messages in one second the list shows the one that came later, in one call or in two', async () => {
	for (const [phone, calls] of [
		['5511987650021', [['Quatro', 'Cinco']]],
		['5511987650022', [['Quatro'], ['Cinco']]]
	] as const) {
		await receive(database.door, [delivery([textFrom(phone, 'Antes', { sent_at: '2026-03-02T11:00:00Z' })])]);
		for (const texts of calls) {
			await receive(database.door, [
				delivery(texts.map((text) => textFrom(phone, text, { sent_at: '2026-03-02T12:00:00Z' })))
			]);
		}
		const rows = await database.owner`
			select c.preview from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
		expect(rows).toEqual([{ preview: 'Cinco' }]);
	}
});
