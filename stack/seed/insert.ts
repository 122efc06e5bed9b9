import type { TransactionSql } from 'postgres';
import type { Rows } from './rows.ts';

const CHUNK = 1_000;

/** Service messages a number sends free of charge in a month, since October 2026. */
const FREE_SERVICE_MESSAGES = 1_000;

/** Writes a company's rows. Nobody watches yet, so the broadcasts of thousands of past messages are left out. */
export async function insertRows(sql: TransactionSql, rows: Rows): Promise<void> {
	await insert(sql, 'contacts', rows.contacts);
	await insert(sql, 'contact_identities', rows.identities);
	await withoutBroadcasts(sql, ['conversations', 'messages'], async () => {
		await insert(sql, 'conversations', rows.conversations);
		await insert(sql, 'messages', rows.messages);
	});
	await insert(sql, 'message_events', rows.events);
	await sql`
		insert into private.media_files (path, message_id, tenant_id, message_created_at)
		select file, m.id, m.tenant_id, m.created_at
		from public.messages m
		cross join unnest(array[m.media ->> 'path', m.media ->> 'thumbnail']) file
		where m.tenant_id = ${rows.contacts[0]?.tenant_id ?? null}
			and file is not null`;
	await sql`
		insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
		select channel_id, external_id, tenant_id, id, created_at,
			private.fingerprint(direction::text, kind, to_char(sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), body)
		from public.messages m
		where m.tenant_id = ${rows.contacts[0]?.tenant_id ?? null}`;
	await charge(sql, rows.contacts[0]?.tenant_id ?? null);
}

/** What Meta would have told of the prices: the first thousand answers of a number's month free, the others charged. */
async function charge(sql: TransactionSql, tenantId: string | null): Promise<void> {
	await sql`
		with told as (
			select
				e.message_id,
				row_number() over (
					partition by m.channel_id, date_trunc('month', e.occurred_at at time zone t.timezone)
					order by e.occurred_at, m.id
				) <= ${FREE_SERVICE_MESSAGES} as is_free
			from public.message_events e
			join public.messages m on m.tenant_id = e.tenant_id and m.id = e.message_id and m.created_at = e.message_created_at
			join public.tenants t on t.id = e.tenant_id
			where e.tenant_id = ${tenantId} and e.type = 'delivered'
		)
		update public.message_events e
		set detail = e.detail || jsonb_build_object('pricing', jsonb_build_object(
			'billable', not told.is_free, 'pricing_model', 'PMP', 'category', 'service',
			'type', case when told.is_free then 'free_customer_service' else 'regular' end
		))
		from told
		where e.tenant_id = ${tenantId} and e.message_id = told.message_id and e.type in ('sent', 'delivered')`;
	await sql`
		select private.record_charge(m, '{}')
		from public.messages m
		where m.tenant_id = ${tenantId} and m.direction = 'out'`;
}

async function insert(sql: TransactionSql, table: string, rows: object[]): Promise<void> {
	for (let start = 0; start < rows.length; start += CHUNK) {
		await sql`insert into public.${sql(table)} ${sql(rows.slice(start, start + CHUNK) as Record<string, never>[])}`;
	}
}

export async function withoutBroadcasts(
	sql: TransactionSql,
	tables: string[],
	work: () => Promise<void>
): Promise<void> {
	const triggers = await sql<{ table: string; name: string }[]>`
		select c.relname as table, t.tgname as name
		from pg_trigger t
		join pg_class c on c.oid = t.tgrelid
		where c.relnamespace = 'public'::regnamespace
			and c.relname = any (${tables})
			and t.tgparentid = 0
			and t.tgname like '%broadcast%'`;
	const each = async (verb: 'disable' | 'enable') => {
		for (const { table, name } of triggers) await sql.unsafe(`alter table public.${table} ${verb} trigger ${name}`);
	};
	await each('disable');
	await work();
	await each('enable');
}
