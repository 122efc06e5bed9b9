import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';

const database = useDatabase();

test('a message that arrives opens a conversation and is seen by the company, not by another', async () => {
	expect(await receive(database.door, [delivery([textFrom('5511987650001', 'Bom dia!')])])).toEqual([
		{ stored: 1, duplicate: 0, failed: 0 }
	]);

	const seen = await database.as('ana', (sql) => sql`select body, seq, direction, status from public.messages`);
	expect(seen).toEqual([{ body: 'Bom dia!', seq: '1', direction: 'in', status: 'received' }]);
	expect(await database.as('bruno', (sql) => sql`select body from public.messages`)).toEqual([]);
});

test('the list shows what was said last, how many are unread, and until when one may answer', async () => {
	const phone = '5511987650002';
	const sent_at = new Date(Date.now() - 60_000).toISOString();
	await receive(database.door, [
		delivery([
			textFrom(phone, 'Tem pão?', { sent_at }),
			textFrom(phone, 'De queijo', { sent_at: new Date().toISOString() })
		])
	]);
	const [row] = await database.as(
		'caio',
		(sql) => sql`
			select c.preview, c.preview_direction, c.unread_count, c.last_seq, c.status, c.owner, p.name, p.phone,
				c.window_expires_at between now() + interval '23 hours' and now() + interval '24 hours' as answerable,
				c.waiting_since is not null as waiting
			from public.conversations c
			join public.contacts p on p.id = c.contact_id
			where p.phone = ${phone}`
	);
	expect(row).toEqual({
		preview: 'De queijo',
		preview_direction: 'in',
		unread_count: 2,
		last_seq: '2',
		status: 'open',
		owner: 'human',
		name: 'Maria',
		phone,
		answerable: true,
		waiting: true
	});
});

test('what comes after closing starts another conversation with the same contact', async () => {
	const phone = '5511987650003';
	await receive(database.door, [delivery([textFrom(phone, 'Primeira')])]);
	const [first] = await database.owner`
		select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
	await database.as('ana', (sql) => sql`select public.close_conversation(${String(first?.id)})`);
	await receive(database.door, [delivery([textFrom(phone, 'Segunda')])]);

	const threads = await database.owner`
		select c.status, c.preview
		from public.conversations c
		join public.contacts p on p.id = c.contact_id
		where p.phone = ${phone}
		order by c.created_at`;
	expect(threads).toEqual([
		{ status: 'closed', preview: 'Primeira' },
		{ status: 'open', preview: 'Segunda' }
	]);
});
