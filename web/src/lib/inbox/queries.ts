import { compileConditions } from '@prosa/core/conditions/postgrest.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Database, Message } from '../database.ts';
import { earlierBy } from '../time/instant.ts';
import type { InboxRow } from './rows.ts';
import { isMarked, type Cursor, type Sort } from './sorts.ts';
import { folderOf, type Filter } from './views.ts';

/** Rows a page; the list and the thread alike. */
export const pageSize = 50;
/** Changes commit out of order: what was written up to ten seconds before the cursor is read again. */
const overlapSeconds = 10;
/** The most rows one catch-up request takes. */
const catchUpSize = 500;

/** What a row of the list is made of. */
export const inboxRow =
	'*, contact:contacts(id, name, username, phone, language, attributes, updated_at), channel:channels(id, name, type)';
/** A person's mentions that are looked through for conversations. */
const mentionCount = 500;

/**
 * One page of the list in the filter's order, after a cursor. What an order puts first comes from an index of its own; the
 * others follow, newest first, so that a page that spans both is asked for twice. Throws what the database answers.
 */
export async function listPage(
	client: Client,
	tenantId: string,
	filter: Filter,
	me: string,
	after: Cursor | null
): Promise<InboxRow[]> {
	if (filter.view === 'mentions') {
		return after ? [] : rowsById(client, tenantId, await mentionedIds(client, tenantId));
	}
	const { sort } = filter;
	if (sort === 'newest') return listPart(client, tenantId, filter, me, { sort, after, size: pageSize });
	const inMarked = after === null || isMarked(after, sort);
	const first = inMarked ? await listPart(client, tenantId, filter, me, { sort, after, size: pageSize }) : [];
	if (first.length === pageSize) return first;
	const rest = {
		sort: 'newest' as const,
		after: inMarked ? null : after,
		size: pageSize - first.length,
		unmarked: sort
	};
	return [...first, ...(await listPart(client, tenantId, filter, me, rest))];
}

interface Part {
	sort: Sort;
	after: Cursor | null;
	size: number;
	/** The order that puts these last. */
	unmarked?: Exclude<Sort, 'newest'>;
}

async function listPart(
	client: Client,
	tenantId: string,
	filter: Filter,
	me: string,
	{ sort, after, size, unmarked }: Part
): Promise<InboxRow[]> {
	let query = asking(client, tenantId, filter, me, inboxRow, sort === 'newest' ? after?.last_message_at : undefined);
	if (filter.view === 'mine') query = query.eq('assignee_id', me);
	if (filter.view === 'unassigned') query = query.is('assignee_id', null);
	if (filter.view === 'team') query = query.eq('team_id', filter.id ?? '');
	if (unmarked === 'priority') query = query.eq('priority', 0);
	else if (unmarked) query = query.is(markOf[unmarked], null);

	// A plain bound lets the index begin at the cursor; the rest settles the rows of its very place.
	if (sort === 'waiting' || sort === 'due') {
		const column = markOf[sort];
		const at = after?.[column];
		// A bound says "not null" by itself: said twice, the planner expects so few rows that it would rather sort them.
		if (after && at) query = query.gte(column, at).or(`${column}.gt."${at}",id.gt.${after.id}`);
		else query = query.not(column, 'is', null);
		query = query.order(column).order('id');
	} else {
		if (sort === 'priority') query = query.gt('priority', 0).order('priority', { ascending: false });
		if (after) {
			const { id, last_message_at: at, priority } = after;
			if (sort === 'priority') {
				query = query
					.lte('priority', priority)
					.or(`priority.lt.${priority},last_message_at.lt."${at}",and(last_message_at.eq."${at}",id.lt.${id})`);
			} else {
				query = query.lte('last_message_at', at).or(`last_message_at.lt."${at}",id.lt.${id}`);
			}
		}
		query = query.order('last_message_at', { ascending: false }).order('id', { ascending: false });
	}
	const { data } = await query.limit(size).overrideTypes<InboxRow[], { merge: false }>().throwOnError();
	return data;
}

/** What a filter's conditions and folder leave of the conversations; by a tag, of those that carry it, from a moment back. */
function asking(client: Client, tenantId: string, filter: Filter, me: string, select: string, upTo?: string) {
	const asked = filter.conditions && compileConditions(filter.conditions, { me, now: Date.now() });
	const embeds = asked?.embeds ?? [];
	const columns = [select, ...embeds.map((one) => one.select)].join(',');
	let query = source(client, tenantId, asked?.tagIds ?? [], columns, upTo);
	for (const { alias, logic } of embeds) query = query.or(logic, { referencedTable: alias });
	if (asked?.logic) query = query.or(asked.logic);
	const folder = folderOf(filter);
	return folder === null ? query : query.eq('folder', folder);
}

function source(client: Client, tenantId: string, tagIds: string[], select: string, upTo?: string) {
	const [tagId, ...others] = tagIds;
	if (tagId === undefined) return client.from('conversations').select(select).eq('tenant_id', tenantId);
	const get = { get: true };
	const query =
		others.length === 0
			? client.rpc('tagged_conversations', { tenant_id: tenantId, tag_id: tagId, ...(upTo && { up_to: upTo }) }, get)
			: client.rpc('tagged_conversations_any', { tenant_id: tenantId, tag_ids: tagIds }, get);
	return query.select(select);
}

/**
 * How many conversations a filter finds, up to a bound: ids alone, by the index of the list, which ends the search where
 * the bound is reached. Throws what the database answers.
 */
export async function countUpTo(
	client: Client,
	tenantId: string,
	filter: Filter,
	me: string,
	bound: number
): Promise<number> {
	const { data } = await asking(client, tenantId, filter, me, 'id')
		.order('last_message_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(bound)
		.throwOnError();
	return data.length;
}

const markOf = { waiting: 'waiting_since', due: 'sla_due_at', priority: 'priority' } as const;

/** The conversations of a person's latest mentions, as far as they are told of them. */
export async function mentionedIds(client: Client, tenantId: string): Promise<string[]> {
	const { data } = await client
		.from('mentions')
		.select('conversation_id')
		.eq('tenant_id', tenantId)
		.order('created_at', { ascending: false })
		.limit(mentionCount)
		.throwOnError();
	return [...new Set(data.map(({ conversation_id }) => conversation_id))];
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
export async function threadPage(client: Client, conversationId: string, before: number | null): Promise<Message[]> {
	const page = { conversation_id: conversationId, most: pageSize, ...(before !== null && { before }) };
	return (await messagesOf(client, page)).toReversed();
}

/** A stretch of a thread from `seq` on, oldest first, to its end or to `before`. */
export async function threadFrom(
	client: Client,
	conversationId: string,
	seq: number,
	before: number | null = null
): Promise<Message[]> {
	const rows: Message[] = [];
	const stretch = { conversation_id: conversationId, most: catchUpSize, ...(before !== null && { before }) };
	let since = seq;
	for (;;) {
		const some = await messagesOf(client, { ...stretch, since });
		rows.push(...some);
		const last = some.at(-1);
		if (some.length < catchUpSize || !last) return rows;
		since = last.seq + 1;
	}
}

/** A page of a thread that begins at `seq`, oldest first. */
export async function threadNext(client: Client, conversationId: string, seq: number): Promise<Message[]> {
	return messagesOf(client, { conversation_id: conversationId, since: seq, most: pageSize });
}

type Stretch = Database['public']['Functions']['thread_messages']['Args'];

/** By a function whose plan is kept: planning a read of every month's messages takes longer than the reading. */
async function messagesOf(client: Client, stretch: Stretch): Promise<Message[]> {
	const { data } = await client.rpc('thread_messages', stretch, { get: true }).throwOnError();
	return data;
}

/** The place of the first message that came at a moment or later; null when there is none. */
export async function seqAt(
	client: Client,
	tenantId: string,
	conversationId: string,
	at: string
): Promise<number | null> {
	const { data } = await client
		.from('messages')
		.select('seq')
		.eq('tenant_id', tenantId)
		.eq('conversation_id', conversationId)
		.gte('sent_at', at)
		.order('seq')
		.limit(1)
		.maybeSingle()
		.throwOnError();
	return data?.seq ?? null;
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

/** The conversation and place of one message; null when it is gone, or not one's to see. */
export async function messagePlace(
	client: Client,
	tenantId: string,
	messageId: string
): Promise<{ conversation_id: string; seq: number } | null> {
	const { data } = await client
		.from('messages')
		.select('conversation_id, seq')
		.eq('tenant_id', tenantId)
		.eq('id', messageId)
		.maybeSingle()
		.throwOnError();
	return data;
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
