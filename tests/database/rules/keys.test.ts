import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { namesOf, OURS, rule } from './rule.ts';

const database = useDatabase();

// Two columns are enough to find a row: a third only picks the partition.
rule(database, 'every foreign key has an index that begins with its columns', {
	offenders: `
		select k.conrelid::regclass || ' ' || k.conname
		from pg_constraint k
		where k.contype = 'f'
			and k.conparentid = 0
			and k.connamespace in ${OURS}
			and not exists (
				select
				from pg_index i
				where i.indrelid = k.conrelid
					-- Rows without the key are none of its rows: their absence from the index is no gap.
				and coalesce(pg_get_expr(i.indpred, i.indrelid), '') ~ '^(\\([a-z_]+ IS NOT NULL\\))?$'
					and i.indisvalid
					and i.indnkeyatts >= least(cardinality(k.conkey), 2)
					and (i.indkey::int2[])[0:least(cardinality(k.conkey), 2) - 1] <@ k.conkey
			)`,
	breach: 'drop index public.conversations_channel_idx'
});

rule(database, 'every foreign key carries the tenant, so that no row can point into another company', {
	offenders: `
		select k.conrelid::regclass || ' ' || k.conname
		from pg_constraint k
		where k.contype = 'f'
			and k.conparentid = 0
			and k.connamespace = 'public'::regnamespace
			and k.confrelid not in ('public.tenants'::regclass, 'auth.users'::regclass)
			-- A body for a number that nobody has connected has neither; a check holds them together.
			and k.conname <> 'webhook_events_channel_id_fkey'
			and not exists (
				select
				from pg_attribute a
				where a.attrelid = k.conrelid
					and a.attname = 'tenant_id'
					and a.attnum = any (k.conkey)
			)`,
	breach: 'alter table public.conversations add foreign key (contact_id) references public.contacts (id)'
});

/** Keys that are unique over the whole installation, each with its reason. */
const GLOBAL_KEYS: Record<string, string> = {
	tenants_slug_key: 'an address on the web names one company',
	channels_phone_number_id_idx: 'a number connected twice would reach two companies',
	channel_events_once_idx: 'a channel belongs to one tenant',
	webhook_events_once_idx: 'a body may belong to no tenant yet',
	conversations_one_open_idx: 'a channel belongs to one tenant',
	conversations_one_history_idx: 'a channel belongs to one tenant',
	flow_runs_one_live_idx: 'a conversation belongs to one tenant',
	audit_log_pkey: 'one line of time over all tenants'
};

const keysWithoutTenant = `
	select i.indexrelid::regclass::text
	from pg_index i
	join pg_class c on c.oid = i.indrelid
	where c.relnamespace = 'public'::regnamespace
		and i.indisunique
		and not c.relispartition
		and not exists (
			select
			from pg_attribute a
			where a.attrelid = c.oid
				and a.attnum = any (i.indkey)
				and (a.attname = 'tenant_id' or (a.attname = 'id' and a.atttypid = 'uuid'::regtype))
		)`;

test('every key carries its tenant or is a uuid, but for those that must hold over all of them', async () => {
	const found = await namesOf(database.owner, keysWithoutTenant);
	expect(found.map((name) => name.replace(/^public\./, ''))).toEqual(Object.keys(GLOBAL_KEYS).sort());
});

rule(database, 'no index is made twice', {
	offenders: `
		select i.indexrelid::regclass
		from pg_index i
		join pg_index other
			on other.indrelid = i.indrelid
			and other.indexrelid <> i.indexrelid
			and other.indkey::text = i.indkey::text
			and other.indoption::text = i.indoption::text
			and other.indclass::text = i.indclass::text
			and other.indpred is not distinct from i.indpred
			and other.indexprs is not distinct from i.indexprs
		join pg_class c on c.oid = i.indrelid
		where c.relnamespace in ${OURS}
			and not i.indisunique`,
	breach: 'create index on public.conversations (tenant_id, channel_id)'
});
