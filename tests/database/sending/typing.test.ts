import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites, refusal } from '../threads.ts';

const database = useDatabase();
const type = (person: Person, id: string) =>
	database.as(person, (sql) => sql`select public.show_typing(${id})`).then(() => undefined);
const jobs = (id: string) => database.owner`select key from graphile_worker.jobs where key = ${`typing:${id}`}`;

test('whoever may answer shows the customer that they type', async () => {
	const { id } = await customerWrites(database);
	await type('caio', id);
	expect(await jobs(id)).toHaveLength(1);
});

test('who may only read shows nothing, nor who does not see the conversation', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`);
	expect(await refusal(type('vera', id))).toBe('403 not_allowed');
	for (const person of ['caio', 'bruno', 'olga'] as const) {
		expect(await refusal(type(person, id)), person).toBe('404 conversation_not_found');
	}
	expect(await jobs(id)).toHaveLength(0);
});

test('nobody types into a closed conversation or a closed window', async () => {
	const closed = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.close_conversation(${closed.id})`);
	expect(await refusal(type('ana', closed.id))).toBe('409 conversation_closed');
	const late = await customerWrites(database);
	await database.owner`update public.conversations set window_expires_at = now() where id = ${late.id}`;
	expect(await refusal(type('ana', late.id))).toBe('409 window_closed');
});

test('only who runs the company decides whether customers see what was read, and it is noted', async () => {
	const turnOff = (person: Person) =>
		database.as(
			person,
			(sql) => sql`update public.tenants set send_read_receipts = false where id = ${uuid('padaria')}`
		);
	expect((await turnOff('caio')).count).toBe(0);
	expect((await turnOff('sofia')).count).toBe(0);
	expect((await turnOff('ana')).count).toBe(1);
	const [row] = await database.owner`
		select before, after, actor_id from public.audit_log where table_name = 'tenants' order by id desc limit 1`;
	expect(row).toEqual({
		before: { send_read_receipts: true },
		after: { send_read_receipts: false },
		actor_id: uuid('ana')
	});
});
