import type { TransactionSql } from 'postgres';
import type { Rows } from './rows.ts';

const CHUNK = 1_000;

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
		insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
		select channel_id, external_id, tenant_id, id, created_at,
			private.fingerprint(direction::text, kind, to_char(sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), body)
		from public.messages m
		where m.tenant_id = ${rows.contacts[0]?.tenant_id ?? null}`;
}

async function insert(sql: TransactionSql, table: string, rows: object[]): Promise<void> {
	for (let start = 0; start < rows.length; start += CHUNK) {
		await sql`insert into public.${sql(table)} ${sql(rows.slice(start, start + CHUNK) as Record<string, never>[])}`;
	}
}

async function withoutBroadcasts(sql: TransactionSql, tables: string[], work: () => Promise<void>): Promise<void> {
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
