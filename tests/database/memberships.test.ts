import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { uuid, type Person } from './people.ts';

const database = useDatabase();
const workspaces = (person: Person) => database.as(person, (sql) => sql`select slug, role from public.my_workspaces()`);

test('the switcher shows each of my workspaces with my role there, by name', async () => {
	expect(await workspaces('ana')).toEqual([{ slug: 'padaria', role: 'admin' }]);
	expect(await workspaces('olga')).toEqual([]);

	await database.owner`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		values (${uuid('oficina')}, ${uuid('vera')}, 'supervisor', 'Vera')`;
	expect(await workspaces('vera')).toEqual([
		{ slug: 'oficina', role: 'supervisor' },
		{ slug: 'padaria', role: 'viewer' }
	]);
});

test('in each workspace I may do what my role there may, and no more', async () => {
	const [row] = await database.as(
		'caio',
		(sql) =>
			sql`select permissions @> array['conversations.reply'] as replies, permissions @> array['audit.read'] as audits from public.my_workspaces()`
	);
	expect(row).toEqual({ replies: true, audits: false });
	await database.owner`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		values (${uuid('oficina')}, ${uuid('caio')}, 'viewer', 'Caio')`;
	const seen = await database.as('caio', (sql) => sql`select slug from public.tenants order by slug`);
	expect(seen).toEqual([{ slug: 'oficina' }, { slug: 'padaria' }]);
	const changed = await database.as('caio', (sql) => sql`update public.contacts set name = 'Caio esteve aqui'`);
	expect(changed.count).toBe(0);
});

test('a company that lets nobody pick takes that permission from its agents, and from no other company’s', async () => {
	const picks = (person: Person) =>
		database.as(
			person,
			(sql) =>
				sql`select permissions @> array['conversations.pick'] as picks from public.my_workspaces() where slug in ('padaria', 'oficina') and role = 'agent'`
		);
	expect(await picks('duda')).toEqual([{ picks: true }]);
	await database.as('ana', (sql) => sql`update public.tenants set agents_pick = false`);
	expect(await picks('duda')).toEqual([{ picks: false }]);
	expect(await picks('gabi')).toEqual([{ picks: true }]);
});

test('whoever is let go sees nothing from the next question on', async () => {
	await database.owner`delete from public.memberships where user_id = ${uuid('sofia')}`;
	expect(await workspaces('sofia')).toEqual([]);
	for (const table of ['tenants', 'memberships', 'channels', 'contacts', 'conversations', 'messages', 'teams']) {
		expect(await database.as('sofia', (sql) => sql`select from ${sql(`public.${table}`)}`), table).toHaveLength(0);
	}
});

test('an account that is deleted takes its memberships with it', async () => {
	await database.owner`delete from auth.users where id = ${uuid('vitor')}`;
	expect(await database.owner`select from public.memberships where user_id = ${uuid('vitor')}`).toHaveLength(0);
});

test('a token without a person, or with a broken one, opens nothing', async () => {
	for (const claims of ['{}', '{"role": "authenticated"}', '{"sub": null}', '']) {
		const rows = await database.owner.begin(async (sql) => {
			await sql`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`;
			return sql`select from public.tenants`;
		});
		expect(rows, claims).toHaveLength(0);
	}
});
