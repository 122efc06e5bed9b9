import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid } from './people.ts';
import { answer, customerWrites } from './threads.ts';

const database = useDatabase();
const entriesOf = (rowId: string) => database.owner`
	select actor_id, action, table_name, before, after from public.audit_log where row_id = ${rowId} order by id`;

test('who gave a conversation to whom, closed and opened it, is on record with the columns that changed', async () => {
	const { id } = await customerWrites(database);
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
	const [given, closed, ...more] = await entriesOf(id);
	expect(given).toMatchObject({
		actor_id: uuid('sofia'),
		action: 'update',
		table_name: 'conversations',
		before: { assignee_id: null },
		after: { assignee_id: uuid('caio') }
	});
	expect(closed).toMatchObject({ actor_id: uuid('caio'), before: { status: 'open' }, after: { status: 'closed' } });
	expect(more).toEqual([]);
});

test('what is said is its own record: messages fill no audit', async () => {
	const { id, phone } = await customerWrites(database);
	await receive(database.door, [delivery([textFrom(phone, 'Mais uma')])]);
	await answer(database, 'caio', id);
	await database.as('caio', (sql) => sql`select public.mark_read(${id}, 2)`);
	expect(await entriesOf(id)).toEqual([]);
});

test('a change of settings is on record, and a change to the same is none', async () => {
	await database.as('ana', (sql) => sql`update public.tenants set name = 'Padaria Nova'`);
	await database.as('ana', (sql) => sql`update public.tenants set name = 'Padaria Nova'`);
	const entries = (await entriesOf(uuid('padaria'))).filter(({ action }) => action === 'update');
	expect(entries).toEqual([
		{
			actor_id: uuid('ana'),
			action: 'update',
			table_name: 'tenants',
			before: { name: 'padaria' },
			after: { name: 'Padaria Nova' }
		}
	]);
});

test('who joins, changes role and leaves is on record', async () => {
	await database.owner`insert into public.memberships (tenant_id, user_id, role, display_name) values (${uuid('padaria')}, ${uuid('olga')}, 'viewer', 'Olga')`;
	await database.owner`update public.memberships set role = 'agent' where user_id = ${uuid('olga')}`;
	await database.owner`delete from public.memberships where user_id = ${uuid('olga')}`;
	const entries = await entriesOf(uuid('olga'));
	expect(entries.map(({ action }) => String(action))).toEqual(['insert', 'update', 'delete']);
	expect(entries[1]).toMatchObject({ before: { role: 'viewer' }, after: { role: 'agent' } });
});

test('no secret stands in the record', async () => {
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		values (${uuid('padaria channel')}, 'access_token', 'k1', ${Buffer.alloc(12)}, ${Buffer.from('s3cret')})`;
	expect(await database.owner`select from public.audit_log where table_name = 'channel_secrets'`).toHaveLength(0);
});

test('a change and its record are one: where the change is undone, so is the record', async () => {
	const before = await database.owner`select count(*) from public.audit_log`;
	await database.owner
		.begin(async (sql) => {
			await sql`update public.teams set name = 'Outro nome'`;
			throw new Error('undo');
		})
		.catch(() => {});
	expect(await database.owner`select count(*) from public.audit_log`).toEqual(before);
});
