import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { PEOPLE, uuid } from './people.ts';

const database = useDatabase();
const channel = uuid('padaria channel');
const mark = 'c0ffee'.repeat(6);

test('no way that a person has into the database shows a secret, encrypted or not', async () => {
	await database.owner`
		insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
		select ${channel}, name, 'k1', decode(${mark.slice(0, 24)}, 'hex'), decode(${mark}, 'hex')
		from unnest(array['access_token', 'app_secret', 'verify_token']) name`;

	const tables = await database.owner<{ name: string }[]>`
		select c.oid::regclass::text as name from pg_class c
		where c.relnamespace in ('public'::regnamespace, 'reporting'::regnamespace)
			and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition`;
	expect(tables.length).toBeGreaterThan(10);
	for (const person of PEOPLE) {
		for (const { name } of tables) {
			const rows = await database
				.as(person, (sql) => sql.unsafe(`select t::text from ${name} t`))
				.catch((error: { code?: string }) => {
					expect(error.code, name).toBe('42501');
					return [];
				});
			expect(JSON.stringify(rows), `${person} reads ${name}`).not.toMatch(/c0ffeec0ffee|wP\/uwP/);
		}
		await expect(
			database.as(person, (sql) => sql`select * from private.channel_secrets`),
			person
		).rejects.toMatchObject({ code: '42501' });
	}
	const [health] = await database.as('ana', (sql) => sql`select public.channel_health(${channel}) as health`);
	expect(health?.health).toMatchObject({ has_token: true, own_app: true });
	expect(JSON.stringify(health)).not.toContain('c0ffee');
});

test('realtime follows no table that holds a secret', async () => {
	const published = await database.owner<{ name: string }[]>`
		select schemaname || '.' || tablename as name from pg_publication_tables where pubname = 'supabase_realtime'`;
	expect(published.map(({ name }) => name)).toContain('public.channels');
	expect(published.filter(({ name }) => !name.startsWith('public.'))).toEqual([]);
});

test('only the function that connects numbers writes secrets, and it reads none but the token it works with', async () => {
	for (const attempt of [
		'select * from private.channel_secrets',
		'select * from public.channels',
		`select * from private.door_secrets('${channel}')`,
		`select private.keep_secrets('${channel}', '[]')`,
		`select private.record_channel_check('${channel}', '{}')`,
		'set role postgres',
		'set role prosa_worker'
	]) {
		await expect(database.channels.unsafe(attempt), attempt).rejects.toMatchObject({ code: '42501' });
	}
	await expect(
		database.channels`select private.channel_to_manage(${JSON.stringify({ id: uuid('bruno') })}::text::jsonb, ${channel})`
	).rejects.toMatchObject({ message: 'channel_not_found' });
});
