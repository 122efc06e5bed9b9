import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid } from './people.ts';
import { customerWrites } from './threads.ts';

const database = useDatabase();

const rowsOf = (phone: string) =>
	database.owner<{ id: string; folder: string; unread_count: number; waits: boolean; is_spam: boolean }[]>`
		select c.id, c.folder, c.unread_count, c.waiting_since is not null as waits, c.is_spam
		from public.conversations c join public.contacts p on p.id = c.contact_id
		where p.phone like ${`%${phone.slice(-8)}`}
		order by c.created_at`;
const close = (id: string) => database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
const mark = (id: string, spam: boolean) => database.as('ana', (sql) => sql`select public.mark_spam(${id}, ${spam})`);
const writes = (phone: string, text: string) => receive(database.door, [delivery([textFrom(phone, text)])]);

test("whoever's last conversation was spam begins the next one as spam: nobody is called and nobody waits", async () => {
	const { id, phone } = await customerWrites(database, 'Ganhe dinheiro em casa');
	await mark(id, true);
	await close(id);
	await writes(phone, 'Última chance!');
	const [, next] = await rowsOf(phone);
	expect(next).toMatchObject({ folder: 'spam', unread_count: 0, waits: false });
	await writes(phone, 'Ainda dá tempo');
	expect((await rowsOf(phone))[1]).toMatchObject({ id: next?.id, folder: 'spam', unread_count: 0 });
	// The counts that are kept agree with the rows.
	const [wrong] = await database.owner`select private.rebuild_inbox_counts(${uuid('padaria')}) as cells`;
	expect(wrong).toEqual({ cells: 0 });
	const told = await database.owner`
		select author, content -> 'changes' -> 0 ->> 'type' as change from public.messages
		where conversation_id = ${next?.id ?? ''} and kind = 'activity'`;
	expect(told).toEqual([{ author: 'system', change: 'spam' }]);
	const seqs = await database.owner<{ seq: string }[]>`
		select seq from public.messages where conversation_id = ${next?.id ?? ''} order by seq`;
	expect(seqs.map(({ seq }) => Number(seq))).toEqual([1, 2, 3]);
});

test('whose mark was taken away is heard again, however much was spam before', async () => {
	const { id, phone } = await customerWrites(database, 'Oi');
	await mark(id, true);
	await close(id);
	await writes(phone, 'Era engano');
	const [, second] = await rowsOf(phone);
	await mark(second?.id ?? '', false);
	await close(second?.id ?? '');
	await writes(phone, 'Quero um bolo');
	expect((await rowsOf(phone))[2]).toMatchObject({ folder: 'open', unread_count: 1, waits: true });
});

test('who never was spam begins the next conversation as ever', async () => {
	const { id, phone } = await customerWrites(database, 'Bom dia');
	await close(id);
	await writes(phone, 'Boa tarde');
	expect((await rowsOf(phone))[1]).toMatchObject({ folder: 'open', unread_count: 1 });
});
