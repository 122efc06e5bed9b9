import { expect, test } from 'vitest';
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from '../../../core/src/permissions/permissions.ts';
import { useDatabase } from '../database.ts';
import { namesOf, rule } from './rule.ts';

const database = useDatabase();

test('the door and the worker are roles without power over others', async () => {
	const roles = await database.owner`
		select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit, rolcanlogin
		from pg_roles
		where rolname in ('prosa_channels', 'prosa_door', 'prosa_worker')
		order by rolname`;
	const powerless = {
		rolsuper: false,
		rolbypassrls: false,
		rolcreaterole: false,
		rolcreatedb: false,
		rolreplication: false,
		rolinherit: false,
		rolcanlogin: true
	};
	expect(roles).toEqual([
		{ rolname: 'prosa_channels', ...powerless },
		{ rolname: 'prosa_door', ...powerless },
		{ rolname: 'prosa_worker', ...powerless }
	]);
});

test('they are members of nothing, so that they can become nobody else', async () => {
	const memberships = await namesOf(
		database.owner,
		`select roleid::regrole || ' of ' || member::regrole from pg_auth_members
		where member in ('prosa_door'::regrole, 'prosa_worker'::regrole, 'prosa_channels'::regrole, 'prosa_modules'::regrole, 'prosa_ai'::regrole)`
	);
	expect(memberships).toEqual([]);
});

rule(database, 'they own nothing and can create nothing', {
	offenders: `
		select role.name || ' creates in ' || n.nspname
		from (values ('prosa_door'), ('prosa_worker'), ('prosa_channels'), ('prosa_modules'), ('prosa_ai'), ('anon'), ('authenticated')) role (name)
		cross join pg_namespace n
		where n.nspname !~ '^pg_(temp|toast)'
			and has_schema_privilege(role.name, n.oid, 'create')
		union all
		select role.name || ' owns ' || c.oid::regclass
		from (values ('prosa_door'), ('prosa_worker'), ('prosa_channels'), ('prosa_modules'), ('prosa_ai')) role (name)
		join pg_class c on c.relowner = role.name::regrole`,
	breach: 'grant create on schema public to prosa_worker'
});

test('the door opens no table and no other schema, however it is asked', async () => {
	for (const attempt of [
		'select * from public.tenants',
		'select * from public.webhook_events',
		'select * from private.channel_secrets',
		'select * from auth.users',
		'select * from graphile_worker.jobs',
		'set role postgres',
		'set role service_role',
		'set role authenticated',
		`select private.claim_sends('00000000-0000-0000-0000-000000000000', 0, '00000000-0000-0000-0000-000000000000', 1)`
	]) {
		await expect(database.door.unsafe(attempt), attempt).rejects.toMatchObject({ code: '42501' });
	}
});

test('the worker opens no table of ours, and reads no secret but through its task', async () => {
	for (const attempt of [
		'select * from public.messages',
		'select * from public.message_attempts',
		'select * from private.channel_secrets',
		'select * from auth.users',
		'set role postgres',
		'set role prosa_door',
		`select * from private.door_secrets('00000000-0000-0000-0000-000000000000')`,
		`select private.receive('[]')`
	]) {
		await expect(database.worker.unsafe(attempt), attempt).rejects.toMatchObject({ code: '42501' });
	}
});

test('every role has the permissions that core tells the web it has', async () => {
	const rows = await database.owner<{ role: string; permissions: string[] }[]>`
		select role, array_agg(permission order by permission) as permissions
		from private.role_permissions
		group by role`;
	expect(Object.fromEntries(rows.map(({ role, permissions }) => [role, permissions]))).toEqual(
		Object.fromEntries(ROLES.map((role) => [role, [...ROLE_PERMISSIONS[role]].sort()]))
	);
	expect(await namesOf(database.owner, 'select name from private.permissions')).toEqual([...PERMISSIONS].sort());
});
