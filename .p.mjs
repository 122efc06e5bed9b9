import p from 'postgres';
const s = p('postgresql://supabase_admin:postgres@127.0.0.1:59999/postgres', { max: 1 });
await s`set session_replication_role=replica`;
console.log(
	(await s`delete from public.contact_identities where tenant_id = md5('volume-1')::uuid`).count,
	(await s`delete from public.contacts where tenant_id = md5('volume-1')::uuid`).count
);
console.log(await s`select left(query,100) q, now()-xact_start d from pg_stat_activity where state='active'`);
console.log(
	await s`select t.slug, (select reltuples from pg_class where oid='public.messages_202610'::regclass) from public.tenants t`
);
await s.end();
