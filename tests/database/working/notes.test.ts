import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { uuid, type Person } from '../people.ts';
import { claim, customerWrites, refusal } from '../threads.ts';
import { database, note, now, thread, told, writes, type Line } from './acts.ts';

test('a note is for colleagues alone: nothing is sent, shown in the list, counted or answered by it', async () => {
	const { id, phone } = await customerWrites(database, 'Quanto custa?');
	const before = await now(id);
	const written = await note('caio', id, 'Cliente antigo, dar desconto');
	expect(written).toMatchObject({ kind: 'note', is_private: true, author_id: uuid('caio') });
	const after = await now(id);
	for (const column of [
		'preview',
		'preview_at',
		'unread_count',
		'waiting_since',
		'last_message_at',
		'read_seq'
	] as const) {
		expect(after[column], column).toEqual(before[column]);
	}
	expect(await claim(database, id)).toBeNull();
	const outbox = await database.owner`select from private.outbox where conversation_id = ${id}`;
	expect(outbox.count).toBe(0);
	expect(
		await refusal(
			database.as(
				'caio',
				(sql) =>
					sql`select public.send_message(${id}, ${randomUUID()}, '{"kind": "text", "text": "Oi"}', ${written.id})`
			)
		)
	).toBe('422 quoted_message_not_found');
	await writes(phone, 'Alguém aí?');
	await database.as('caio', (sql) => sql`select public.mark_read(${id}, 99)`);
	expect(await now(id)).toMatchObject({ unread_count: 0, last_seq: '3', read_seq: '3' });
});

test('a note is written once, however often it is sent', async () => {
	const { id } = await customerWrites(database);
	const client = randomUUID();
	const first = await note('caio', id, 'Uma vez', [], client);
	expect(await note('caio', id, 'Uma vez', [], client)).toEqual(first);
	expect((await thread(id)).filter(({ kind }) => kind === 'note')).toHaveLength(1);
	expect(await refusal(note('caio', id, '   '))).toBe('422 note_invalid');
	expect(await refusal(note('vera', id, 'Eu só leio'))).toBe('403 not_allowed');
});

test('whoever a note names is called and follows, unless they may not see the conversation; naming a team calls its members', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	const written = await note('caio', id, '@sofia @duda veja', [
		uuid('sofia'),
		uuid('duda'),
		uuid('bruno'),
		'nobody',
		uuid('padaria team')
	]);
	expect(written.content.mentions).toEqual([{ id: uuid('sofia'), name: 'sofia' }]);
	const called = (message: string) =>
		database.owner<{ user_id: string }[]>`
			select user_id from public.mentions where message_id = ${message} order by user_id`;
	expect((await called(written.id)).map((row) => row.user_id)).toEqual([uuid('sofia')]);
	expect(await told('sofia', id)).toEqual(['mentioned']);
	expect(await told('duda', id)).toEqual([]);
	const following = await database.owner<{ user_id: string }[]>`
		select user_id from public.participants where conversation_id = ${id}`;
	expect(following.map((row) => row.user_id).sort()).toEqual([uuid('caio'), uuid('sofia')].sort());

	await database.owner`update public.conversations set team_id = ${uuid('padaria team')} where id = ${id}`;
	const toTeam = await note('caio', id, '@Vendas, alguém?', [uuid('padaria team')]);
	expect((await called(toTeam.id)).map((row) => row.user_id)).toEqual([uuid('duda')]);

	const [seen] = await database.as('sofia', (sql) => sql<{ n: number }[]>`select public.read_mentions(${id}) as n`);
	expect(seen?.n).toBe(1);
	const mine = await database.as('sofia', (sql) => sql`select from public.mentions where read_at is null`);
	expect(mine.count).toBe(0);
});

test('those who may be called are exactly those who see the conversation', async () => {
	const everybody = ['ana', 'sofia', 'caio', 'duda', 'vera', 'aline'] as const;
	const { id } = await customerWrites(database);
	for (const [assignee, team] of [
		[null, null],
		[uuid('caio'), null],
		[uuid('caio'), uuid('padaria team')],
		[null, uuid('padaria team')]
	]) {
		await database.owner`update public.conversations set assignee_id = ${assignee ?? null}, team_id = ${team ?? null} where id = ${id}`;
		const may = await database.as(
			'ana',
			(sql) => sql<{ display_name: string }[]>`select display_name from public.mentionable_members(${id})`
		);
		const see: string[] = [];
		for (const person of everybody) {
			const rows = await database.as(person, (sql) => sql`select from public.conversations where id = ${id}`);
			if (rows.count > 0) see.push(person);
		}
		expect(may.map(({ display_name }) => display_name)).toEqual(see.sort());
	}
});

test('the author changes a note or takes it back, and what it said is kept', async () => {
	const { id } = await customerWrites(database);
	const { id: written } = await note('caio', id, 'Ligar as 3');
	const edit = (person: Person, text: string) =>
		database.as(person, async (sql) => {
			const [row] = await sql<
				Line[]
			>`select * from public.edit_note(${written}, ${JSON.stringify({ text })}::text::jsonb)`;
			return row;
		});
	expect(await edit('caio', 'Ligar às 15h')).toMatchObject({ body: 'Ligar às 15h' });
	expect(await refusal(edit('ana', 'Não ligar'))).toBe('403 not_allowed');
	const [gone] = await database.as('caio', (sql) => sql<Line[]>`select * from public.delete_note(${written})`);
	expect(gone).toMatchObject({ body: '' });
	expect(gone?.revoked_at).not.toBeNull();
	expect(await refusal(edit('caio', 'Volta'))).toBe('409 note_deleted');
	const kept = await database.as(
		'ana',
		(sql) => sql<{ type: string; detail: { text: string } }[]>`
			select type, detail from public.message_events where message_id = ${written} order by occurred_at`
	);
	expect(kept.map(({ type, detail }) => [type, detail.text])).toEqual([
		['note_edited', 'Ligar as 3'],
		['note_deleted', 'Ligar às 15h']
	]);
});
