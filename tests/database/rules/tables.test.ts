import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { rolledBack } from '../rolled_back.ts';
import { namesOf, OURS, rule } from './rule.ts';

const database = useDatabase();
const strangers = `(values ('anon'), ('authenticated'), ('prosa_door'), ('prosa_worker'), ('prosa_channels'), ('prosa_modules'), ('prosa_ai')) role (name)`;

rule(database, 'every table, private ones too, is under row security', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace in ${OURS}
			and c.relkind in ('r', 'p')
			and not c.relrowsecurity`,
	breach: 'create table private.bare (id uuid)'
});

// webhook_events: a body for a number that nobody has connected belongs to no tenant yet.
rule(database, 'every row belongs to a tenant', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace = 'public'::regnamespace
			and c.relkind in ('r', 'p')
			and c.relname not in ('tenants', 'webhook_events')
			and not exists (
				select
				from pg_attribute a
				where a.attrelid = c.oid
					and a.attname = 'tenant_id'
					and a.atttypid = 'uuid'::regtype
					and a.attnotnull
			)`,
	breach: 'alter table public.contacts alter column tenant_id drop not null'
});

rule(database, 'whatever says when it changed says so after every change: browsers keep the newest version by it', {
	offenders: `
		select a.attrelid::regclass
		from pg_attribute a
		join pg_class c on c.oid = a.attrelid
		where c.relnamespace = 'public'::regnamespace
			and c.relkind in ('r', 'p')
			and a.attname = 'updated_at'
			and not exists (
				select
				from pg_trigger t
				where t.tgrelid = c.oid
					and t.tgfoid = 'private.tg_touch'::regproc
					and t.tgenabled = 'O'
			)`,
	breach: 'drop trigger _100_touch on public.messages'
});

rule(database, 'a visitor touches no table, and a signed-in person none outside public', {
	offenders: `
		select c.oid::regclass || ' by ' || role.name
		from pg_class c
		cross join ${strangers}
		where c.relnamespace in ${OURS}
			and c.relkind in ('r', 'p', 'v', 'm', 'f')
			and (role.name <> 'authenticated' or c.relnamespace = 'private'::regnamespace)
			and (
				has_table_privilege(role.name, c.oid, 'select, insert, update, delete, truncate, references, trigger')
				or has_any_column_privilege(role.name, c.oid, 'select, insert, update, references')
			)`,
	breach: 'grant select (name) on public.contacts to anon'
});

rule(database, 'nobody inserts or deletes rows by hand: a function does', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace in ${OURS}
			and c.relkind in ('r', 'p', 'v', 'm', 'f')
			and (
				has_table_privilege('authenticated', c.oid, 'insert, delete, truncate, references, trigger')
				or has_any_column_privilege('authenticated', c.oid, 'insert, references')
			)`,
	breach: 'grant insert (name) on public.teams to authenticated'
});

rule(database, 'what a person may update is named column by column', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace in ${OURS}
			and c.relkind in ('r', 'p', 'v', 'm', 'f')
			and has_table_privilege('authenticated', c.oid, 'update')`,
	breach: 'grant update on public.contacts to authenticated'
});

rule(database, 'nobody moves a row to another tenant, id or time', {
	offenders: `
		select a.attrelid::regclass || '.' || a.attname
		from pg_attribute a
		join pg_class c on c.oid = a.attrelid
		where c.relnamespace = 'public'::regnamespace
			and c.relkind in ('r', 'p')
			and (a.attname in ('id', 'tenant_id', 'created_at', 'updated_at') or a.attname like '%\\_id')
			and has_column_privilege('authenticated', c.oid, a.attnum, 'update')`,
	breach: 'grant update (tenant_id) on public.contacts to authenticated'
});

rule(database, 'no sequence can be read or moved from outside', {
	offenders: `
		select c.oid::regclass || ' by ' || role.name
		from pg_class c
		cross join ${strangers}
		where c.relnamespace in ${OURS}
			and c.relkind = 'S'
			and has_sequence_privilege(role.name, c.oid, 'usage, select, update')`,
	breach: 'grant usage on all sequences in schema public to authenticated'
});

rule(database, 'a view shows what its reader may see, not what its owner may', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace = 'public'::regnamespace
			and (
				c.relkind = 'm'
				or c.relkind = 'v' and not coalesce(c.reloptions, '{}') @> array['security_invoker=true']
			)`,
	breach: 'create view public.everybody as select * from public.contacts'
});

rule(database, 'a partition is never touched by its own name', {
	offenders: `
		select c.oid::regclass
		from pg_class c
		where c.relnamespace in ${OURS}
			and c.relispartition
			and c.relkind in ('r', 'p')
			and (
				not c.relrowsecurity
				or exists (select from pg_policy p where p.polrelid = c.oid)
				or exists (
					select
					from (values ('anon'), ('authenticated')) role (name)
					where has_table_privilege(role.name, c.oid, 'select, insert, update, delete, truncate, references, trigger')
						or has_any_column_privilege(role.name, c.oid, 'select, insert, update, references')
				)
			)`,
	breach: 'grant select on public.messages_default to authenticated'
});

rule(database, 'what falls outside every month has a partition too', {
	offenders: `
		select p.partrelid::regclass
		from pg_partitioned_table p
		join pg_class c on c.oid = p.partrelid
		where c.relnamespace in ${OURS}
			and p.partdefid = 0`,
	breach: 'drop table public.message_events_default'
});

rule(database, 'what is made tomorrow is granted to nobody', {
	offenders: `
		select format('%s on %s to %s', acl.privilege_type, d.defaclobjtype, coalesce(acl.grantee::regrole::text, 'public'))
		from pg_default_acl d
		cross join lateral aclexplode(d.defaclacl) acl
		where d.defaclrole = 'postgres'::regrole
			and d.defaclnamespace in (0, ${OURS.slice(1)}
			and (acl.grantee = 0 or acl.grantee in ('anon'::regrole, 'authenticated'::regrole))
		union all
		-- Without an entry of its own, a new function is everybody's.
		select 'execute on functions to public'
		where not exists (
			select
			from pg_default_acl d
			where d.defaclrole = 'postgres'::regrole
				and d.defaclnamespace = 0
				and d.defaclobjtype = 'f'
		)`,
	breach: 'alter default privileges in schema public grant select on tables to anon'
});

test('a table or function that is made tomorrow is touched by nobody until a file says so', async () => {
	const touched = `
		select c.oid::regclass || ' by ' || role.name
		from pg_class c
		cross join ${strangers}
		where c.relname = 'newborn'
			and has_table_privilege(role.name, c.oid, 'select, insert, update, delete')
		union all
		select p.oid::regprocedure || ' by ' || role.name
		from pg_proc p
		cross join ${strangers}
		where p.proname = 'newborn'
			and has_function_privilege(role.name, p.oid, 'execute')`;
	await rolledBack(database.owner, async (sql) => {
		await sql.unsafe(`
			create table public.newborn (tenant_id uuid);
			create function public.newborn() returns integer language sql as 'select 1';
			create function private.newborn() returns integer language sql as 'select 1'`);
		expect(await namesOf(sql, touched)).toEqual([]);
		await sql.unsafe('grant select on public.newborn to anon');
		expect(await namesOf(sql, touched)).toEqual(['newborn by anon']);
	});
});
