import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database, Message } from '../database.ts';
import { earlierBy } from '../time/instant.ts';
import type { Cursor, InboxRow } from './rows.ts';
import type { Filter } from './views.ts';

type Client = SupabaseClient<Database>;

/** Rows a page; the list and the thread alike. */
export const pageSize = 50;
/** Changes commit out of order: what was written up to ten seconds before the cursor is read again. */
const overlapSeconds = 10;
/** The most rows one catch-up request takes. */
const catchUpSize = 500;

const inboxRow = '*, contact:contacts(id, name, username, phone), channel:channels(id, name, type)';

/** One page of the list, newest first, after a cursor. Throws what the database answers. */
export async function listPage(
	client: Client,
	tenantId: string,
	{ view, status }: Filter,
	me: string,
	after: Cursor | null
): Promise<InboxRow[]> {
	let query = client.from('conversations').select(inboxRow).eq('tenant_id', tenantId).eq('status', status);
	if (view === 'mine') query = query.eq('assignee_id', me);
	if (view === 'unassigned') query = query.is('assignee_id', null);
	if (after) {
		// The plain bound lets the index begin at the cursor; the pair settles the rows of its very microsecond.
		query = query
			.lte('last_message_at', after.last_message_at)
			.or(`last_message_at.lt."${after.last_message_at}",id.lt.${after.id}`);
	}
	const { data } = await query
		.order('last_message_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(pageSize)
		.overrideTypes<InboxRow[], { merge: false }>()
		.throwOnError();
	return data;
}

/** Everything that changed since a cursor, oldest first, however much it is. */
export async function listChanges(client: Client, tenantId: string, since: string): Promise<InboxRow[]> {
	const rows: InboxRow[] = [];
	let from = earlierBy(since, overlapSeconds);
	for (;;) {
		const { data } = await client
			.from('conversations')
			.select(inboxRow)
			.eq('tenant_id', tenantId)
			.gte('updated_at', from)
			.order('updated_at')
			.order('id')
			.limit(catchUpSize)
			.overrideTypes<InboxRow[], { merge: false }>()
			.throwOnError();
		rows.push(...data);
		const last = data.at(-1);
		if (data.length < catchUpSize || !last || last.updated_at === from) return rows;
		from = last.updated_at;
	}
}

/** Conversations by id, as far as one may see them; those that are missing are no longer ours to show. */
export async function rowsById(client: Client, tenantId: string, ids: string[]): Promise<InboxRow[]> {
	const rows: InboxRow[] = [];
	for (let start = 0; start < ids.length; start += 100) {
		const { data } = await client
			.from('conversations')
			.select(inboxRow)
			.eq('tenant_id', tenantId)
			.in('id', ids.slice(start, start + 100))
			.overrideTypes<InboxRow[], { merge: false }>()
			.throwOnError();
		rows.push(...data);
	}
	return rows;
}

/** A page of a thread: the newest, or those before `seq`. Oldest first. */
export async function threadPage(
	client: Client,
	tenantId: string,
	conversationId: string,
	before: number | null
): Promise<Message[]> {
	let query = client.from('messages').select().eq('tenant_id', tenantId).eq('conversation_id', conversationId);
	if (before !== null) query = query.lt('seq', before);
	const { data } = await query.order('seq', { ascending: false }).limit(pageSize).throwOnError();
	return data.toReversed();
}

/** A stretch of a thread from `seq` on, oldest first, to its end or to `before`. */
export async function threadFrom(
	client: Client,
	tenantId: string,
	conversationId: string,
	seq: number,
	before: number | null = null
): Promise<Message[]> {
	const rows: Message[] = [];
	let from = seq;
	for (;;) {
		let query = client
			.from('messages')
			.select()
			.eq('tenant_id', tenantId)
			.eq('conversation_id', conversationId)
			.gte('seq', from);
		if (before !== null) query = query.lt('seq', before);
		const { data } = await query.order('seq').limit(catchUpSize).throwOnError();
		rows.push(...data);
		const last = data.at(-1);
		if (data.length < catchUpSize || !last) return rows;
		from = last.seq + 1;
	}
}

/** The place of one message, which may be older than everything loaded; null when it is gone. */
export async function messageSeq(client: Client, tenantId: string, messageId: string): Promise<number | null> {
	const { data } = await client
		.from('messages')
		.select('seq')
		.eq('tenant_id', tenantId)
		.eq('id', messageId)
		.maybeSingle()
		.throwOnError();
	return data?.seq ?? null;
}

/** Who follows a conversation, the first to do so first. */
export async function followersOf(client: Client, tenantId: string, conversationId: string): Promise<string[]> {
	const { data } = await client
		.from('participants')
		.select('user_id')
		.eq('tenant_id', tenantId)
		.eq('conversation_id', conversationId)
		.order('created_at')
		.throwOnError();
	return data.map(({ user_id }) => user_id);
}
