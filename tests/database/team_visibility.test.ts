import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { uuid, type Person } from './people.ts';
import { conversationsFound } from './search/search.ts';
import { customerWrites } from './threads.ts';

const database = useDatabase();
const team = uuid('padaria team');
const tenant = uuid('padaria');

let id: string;
let path: string;

beforeAll(async () => {
	const written = await customerWrites(database, 'Meu CPF é 390.533.447-05');
	id = written.id;
	await database.as('caio', (sql) => sql`select public.take_conversation(${id})`);
	await database.as(
		'caio',
		(sql) => sql`select public.add_note(${id}, ${randomUUID()}, '{"text": "Cliente antigo", "mentions": []}')`
	);
	path = `${tenant}/${randomUUID()}/comprovante.webp`;
	await database.owner`insert into storage.objects (bucket_id, name) values ('media', ${path})`;
	await database.owner`
		insert into private.media_files (path, message_id, tenant_id, message_created_at)
		select ${path}, m.id, m.tenant_id, m.created_at from public.messages m where m.conversation_id = ${id} and m.seq = 1`;
});

/** All the ways in which somebody might learn of the conversation: how much each gives them. */
const sees = async (person: Person) => {
	const row = await database.as(person, async (sql) => {
		const [row] = await sql`
			select
				(select count(*)::integer from public.conversations where id = ${id}) as rows,
				(select count(*)::integer from public.messages where conversation_id = ${id} and not is_private) as messages,
				(select count(*)::integer from public.messages where conversation_id = ${id} and kind = 'note') as notes,
				(select count(*)::integer from storage.objects where name = ${path}) as files,
				private.may_join(${`conversation:${id}`})::integer as topics`;
		return row;
	});
	const words = (await conversationsFound(database, person, '"390.533.447-05"')).filter((message) => message === id);
	const noted = (await conversationsFound(database, person, '"Cliente antigo"')).filter((message) => message === id);
	return { ...row, words: words.length, noted: noted.length };
};
const everything = { rows: 1, messages: 1, notes: 1, files: 1, topics: 1, words: 1, noted: 1 };
const nothing = { rows: 0, messages: 0, notes: 0, files: 0, topics: 0, words: 0, noted: 0 };
const who = async (people: readonly Person[]) => {
	for (const person of people) expect(await sees(person), person).toEqual(everything);
	for (const person of ['ana', 'sofia', 'caio', 'duda', 'vera', 'aline', 'bruno', 'gabi', 'olga'] as const) {
		if (!people.includes(person)) expect(await sees(person), person).toEqual(nothing);
	}
};

test('what one person has is seen by them and by who reads everything, and by nobody else', async () => {
	await who(['ana', 'sofia', 'vera', 'caio']);
});

test('passed to a team, it is seen by the team in every way, and no longer by who passed it on', async () => {
	await database.as('caio', (sql) => sql`select public.transfer_conversation(${id}, ${team}, null, 'Segue')`);
	await database.owner`delete from public.messages where conversation_id = ${id} and kind = 'note' and body = 'Segue'`;
	await who(['ana', 'sofia', 'vera', 'duda']);
});

test('given to somebody outside the team, it is seen by them and still by the team', async () => {
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await who(['ana', 'sofia', 'vera', 'caio', 'duda']);
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, null)`);
});

test('who leaves the team, or whose team is deleted, no longer sees what is the team’s', async () => {
	await database.as('ana', (sql) => sql`select public.set_team_members(${team}, array[${uuid('caio')}]::uuid[])`);
	await who(['ana', 'sofia', 'vera', 'caio']);
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
	const [answer] = await database.as('ana', (sql) => sql`select public.delete_team(${team}) as moved`);
	expect(answer?.moved).toBe(0);
	await who(['ana', 'sofia', 'vera']);
	const [kept] = await database.owner`select team_id from public.conversations where id = ${id}`;
	expect(kept?.team_id).toBe(team);
	const teams = await database.as('duda', (sql) => sql`select from public.teams where id = ${team}`);
	expect(teams).toHaveLength(0);
});

test('what was open in a deleted team goes to the other one, or to whoever picks', async () => {
	const make = async (name: string) => {
		const [row] = await database.as(
			'sofia',
			(sql) => sql<{ id: string }[]>`select (public.create_team(${tenant}, ${name})).id`
		);
		return row?.id ?? '';
	};
	const [one, other] = [await make('Cobrança'), await make('Entrega')];
	await database.as('sofia', (sql) => sql`select public.set_default_team(${uuid('padaria channel')}, ${one})`);
	const { id: first } = await customerWrites(database, 'Cobraram duas vezes');
	const teamOf = async (conversation: string) => {
		const [row] = await database.owner`select team_id from public.conversations where id = ${conversation}`;
		return row?.team_id as string | null;
	};
	expect(await teamOf(first)).toBe(one);
	await database.as('sofia', (sql) => sql`select public.delete_team(${one}, ${other})`);
	expect(await teamOf(first)).toBe(other);
	const { id: second } = await customerWrites(database, 'E agora?');
	expect(await teamOf(second)).toBe(other);
	await database.as('sofia', (sql) => sql`select public.delete_team(${other})`);
	expect(await teamOf(second)).toBeNull();
	const seen = await database.as('duda', (sql) => sql`select from public.conversations where id = ${second}`);
	expect(seen).toHaveLength(1);
	// The name is free again.
	await make('Cobrança');
});
