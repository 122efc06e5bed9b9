import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { rolledBack } from './rolled_back.ts';
import { customerWrites } from './threads.ts';

const database = useDatabase();

const monthsOf = (table: string) => database.owner<{ name: string }[]>`
	select c.relname as name
	from pg_inherits i
	join pg_class c on c.oid = i.inhrelid
	where i.inhparent = ${`public.${table}`}::regclass
	order by 1`;

test('this month and the next three have their partitions, and a default takes what is left', async () => {
	const months = Array.from({ length: 4 }, (_, ahead) => {
		const now = new Date();
		return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
			.toISOString()
			.slice(0, 7)
			.replace('-', '');
	});
	for (const table of ['messages', 'message_events']) {
		expect((await monthsOf(table)).map(({ name }) => name)).toEqual([
			...months.map((month) => `${table}_${month}`),
			`${table}_default`
		]);
	}
});

test('the daily job makes what is missing, guarded, and running it again makes nothing', async () => {
	const [again] = await database.worker`select private.make_partitions() as made`;
	expect(again?.made).toBe(0);

	const [last] = (await monthsOf('message_events')).filter(({ name }) => !name.endsWith('default')).slice(-1);
	await database.owner.unsafe(`drop table public.${String(last?.name)}`);
	const [row] = await database.worker`select private.make_partitions() as made`;
	expect(row?.made).toBe(1);
	const [partition] = await database.owner`
		select c.relrowsecurity as guarded, has_table_privilege('authenticated', c.oid, 'select') as readable, a.rolname as owner
		from pg_class c
		join pg_roles a on a.oid = c.relowner
		where c.relname = ${String(last?.name)}`;
	expect(partition).toEqual({ guarded: true, readable: false, owner: 'postgres' });
});

test('a message of a month without a partition is kept, and makes way for the partition when it comes', async () => {
	const { id } = await customerWrites(database);
	await rolledBack(database.owner, async (sql) => {
		await sql`
			insert into public.messages (tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, status, created_at)
			select tenant_id, id, contact_id, channel_id, 99, 'in', 'contact', 'text', '{}', 'received', '2031-01-15'
			from public.conversations where id = ${id}`;
		const [row] = await sql`select tableoid::regclass::text as partition from public.messages where seq = 99`;
		expect(row?.partition).toBe('messages_default');
	});
});

test('a message is read through its table only, whatever partition it lies in', async () => {
	const { id } = await customerWrites(database);
	const [row] =
		await database.owner`select tableoid::regclass::text as partition from public.messages where conversation_id = ${id}`;
	await expect(
		database.as('ana', (sql) => sql.unsafe(`select * from public.${String(row?.partition)}`))
	).rejects.toMatchObject({
		code: '42501'
	});
	expect(
		await database.as('ana', (sql) => sql`select body from public.messages where conversation_id = ${id}`)
	).toHaveLength(1);
});
