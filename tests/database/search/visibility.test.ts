import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { claimsOf, uuid, type Person } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { conversationsFound } from './search.ts';

const database = useDatabase();
const team = uuid('padaria team');
const other = uuid('another team');
const holders = [null, 'ana', 'sofia', 'caio', 'duda', 'vera'] as const;
const people: Person[] = ['ana', 'sofia', 'caio', 'duda', 'vera', 'olga'];

beforeAll(async () => {
	await database.owner`insert into public.teams (id, tenant_id, name) values (${other}, ${uuid('padaria')}, 'Outro time')`;
	for (const holder of holders) {
		for (const queue of [null, team, other]) {
			const { id } = await customerWrites(database, 'Quero uma jabuticabeira');
			await database.owner`
				update public.conversations set assignee_id = ${holder && uuid(holder)}, team_id = ${queue} where id = ${id}`;
		}
	}
});

/** Search asks for its own rights, written out for speed: what it lets through must be what the policies do. */
test.each(people)(
	'%s finds what is said in each conversation that the list shows them, and in no other',
	async (person) => {
		const listed = await database.as(
			person,
			(sql) => sql<{ id: string }[]>`
			select id from public.conversations where tenant_id = ${uuid('padaria')} and preview = 'Quero uma jabuticabeira'`
		);
		const found = await conversationsFound(database, person, 'jabuticabeira');
		expect(found.toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
		// Asked by the owner, past the policies, in the person's name.
		const seen = await database.owner.begin(async (sql) => {
			await sql`select set_config('request.jwt.claims', ${JSON.stringify(claimsOf(person))}, true)`;
			return sql<{ id: string }[]>`
			select c.id from public.conversations c where c.preview = 'Quero uma jabuticabeira' and private.sees_conversation(c)`;
		});
		expect(seen.map(({ id }) => id).toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
	}
);

test('the people of this test see unlike parts of it', async () => {
	const counts = new Set<number>();
	for (const person of people) {
		const rows = await database.as(
			person,
			(sql) => sql`select from public.conversations where preview = 'Quero uma jabuticabeira'`
		);
		counts.add(rows.length);
	}
	expect(counts.size).toBeGreaterThan(2);
	expect(Math.max(...counts)).toBe(holders.length * 3);
});
