import type { Client } from '#lib/auth/client.ts';
import type { Channel, Contact, Message } from '../database.ts';
import type { InboxRow } from '../inbox/rows.ts';

/** A person, with the conversation of theirs that is opened; null where none is ours to see. */
export interface FoundPerson extends Pick<Contact, 'id' | 'name' | 'username' | 'phone'> {
	/** The name with its hits. */
	text: string;
	conversation_id: string | null;
}

export interface FoundMessage extends Pick<
	Message,
	'id' | 'conversation_id' | 'seq' | 'direction' | 'author' | 'author_id' | 'kind' | 'is_private' | 'sent_at'
> {
	/** What was said around the first hit, with its hits. */
	text: string;
	contact: Pick<Contact, 'id' | 'name' | 'username' | 'phone'>;
	channel: Pick<Channel, 'id' | 'name' | 'type'>;
}

/** Where the next page begins; without an id, where the time was over: there may be more before `at`. */
export interface Next {
	at: string;
	id: string | null;
}

export interface Found {
	people: FoundPerson[];
	conversations: InboxRow[];
	messages: FoundMessage[];
	next: Next | null;
}

/** What a search is narrowed to. Empty is everything. */
export interface Narrowing {
	channel_id?: string;
	/** A member, or `none` for nobody's. */
	assignee_id?: string;
	from?: string;
	to?: string;
	conversation_id?: string;
	/** People and their conversations, no messages: for whoever types a name. */
	only?: 'people';
}

/** Looks for people, conversations and messages in one workspace. Throws what the database answers. */
export async function searchInbox(
	client: Client,
	tenantId: string,
	query: string,
	{ filters = {}, after = null, signal }: { filters?: Narrowing; after?: Next | null; signal?: AbortSignal } = {}
): Promise<Found> {
	let call = client.rpc('search_inbox', {
		tenant_id: tenantId,
		query,
		filters: { ...filters },
		...(after ? { after: { ...after } } : {})
	});
	if (signal) call = call.abortSignal(signal);
	const { data } = await call.throwOnError();
	return data as unknown as Found;
}
