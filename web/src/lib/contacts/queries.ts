import { phoneKey } from '@prosa/core/whatsapp/phone.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Channel, Contact, ContactIdentity, Conversation, Database } from '../database.ts';

export type Merge = Database['public']['Tables']['contact_merges']['Row'];

/** A contact with every address they write from. */
export interface ContactDetails extends Contact {
	identities: ContactIdentity[];
}

const withIdentities = '*, identities:contact_identities(*)';

/** A contact; null when it can't be seen, or was merged into another. */
export async function contactDetails(client: Client, tenantId: string, id: string): Promise<ContactDetails | null> {
	const { data } = await client
		.from('contacts')
		.select(withIdentities)
		.eq('tenant_id', tenantId)
		.eq('id', id)
		.maybeSingle()
		.overrideTypes<ContactDetails, { merge: false }>()
		.throwOnError();
	return data;
}

/** What the database can look for: letters, digits, and nothing that a filter would read as its own. */
const searchable = (text: string) => text.replaceAll(/[^\p{L}\p{N} .@+-]/gu, ' ').trim();

/** Contacts whose name, username or number holds a text; the newest first. */
export async function searchContacts(client: Client, tenantId: string, text: string): Promise<ContactDetails[]> {
	const words = searchable(text);
	if (words.length < 2) return [];
	const digits = words.replaceAll(/\D/g, '');
	const key = phoneKey(words) ?? digits;
	const filters = [`name.ilike.%${words}%`, `username.ilike.%${words.replace(/^@/, '')}%`];
	if (digits.length >= 4) filters.push(`phone.like.%${key}%`);
	const { data } = await client
		.from('contacts')
		.select(withIdentities)
		.eq('tenant_id', tenantId)
		.or(filters.join(','))
		.order('created_at', { ascending: false })
		.limit(8)
		.overrideTypes<ContactDetails[], { merge: false }>()
		.throwOnError();
	return data;
}

/** Who has one of these numbers, however it is written; null: nobody yet. */
export async function contactByPhone(client: Client, tenantId: string, phones: string[]): Promise<string | null> {
	const keys = phones.map(phoneKey).filter((key) => key !== null);
	if (keys.length === 0) return null;
	const { data } = await client
		.from('contact_identities')
		.select('contact_id')
		.eq('tenant_id', tenantId)
		.eq('kind', 'phone')
		.in('value', keys)
		.limit(1)
		.throwOnError();
	return data[0]?.contact_id ?? null;
}

/** The conversations with a contact that one may see, newest first. */
export async function conversationsWith(
	client: Client,
	tenantId: string,
	contactId: string
): Promise<
	(Pick<Conversation, 'id' | 'status' | 'is_history' | 'created_at' | 'last_message_at' | 'preview'> & {
		channel: Pick<Channel, 'name' | 'type'>;
	})[]
> {
	const { data } = await client
		.from('conversations')
		.select('id, status, is_history, created_at, last_message_at, preview, channel:channels(name, type)')
		.eq('tenant_id', tenantId)
		.eq('contact_id', contactId)
		.order('last_message_at', { ascending: false })
		.limit(20)
		.throwOnError();
	return data;
}

/** How many conversations a contact has, of those one may see. */
export async function countConversations(client: Client, tenantId: string, contactId: string): Promise<number> {
	const { count } = await client
		.from('conversations')
		.select('id', { count: 'exact', head: true })
		.eq('tenant_id', tenantId)
		.eq('contact_id', contactId)
		.throwOnError();
	return count ?? 0;
}

/** What was merged into a contact, newest first, with what was parted again. */
export async function mergesOf(client: Client, tenantId: string, contactId: string): Promise<Merge[]> {
	const { data } = await client
		.from('contact_merges')
		.select()
		.eq('tenant_id', tenantId)
		.eq('kept_id', contactId)
		.order('position', { ascending: false })
		.limit(20)
		.throwOnError();
	return data;
}

export async function mergeContacts(client: Client, keep: string, gone: string): Promise<Merge> {
	const { data } = await client.rpc('merge_contacts', { keep, gone }).throwOnError();
	return data;
}

export async function partContacts(client: Client, mergeId: string): Promise<Merge> {
	const { data } = await client.rpc('part_contacts', { merge_id: mergeId }).throwOnError();
	return data;
}

export async function saveContact(client: Client, tenantId: string, name: string, phones: string[]): Promise<Contact> {
	const { data } = await client.rpc('save_contact', { tenant_id: tenantId, name, phones }).throwOnError();
	return data;
}

export type OtherChannel = Omit<
	Database['public']['Functions']['other_channels']['Returns'][number],
	'open_id' | 'number'
> & {
	open_id: string | null;
	number: string | null;
};

/** The channels on which a conversation's person could be answered instead. */
export async function otherChannels(client: Client, conversationId: string): Promise<OtherChannel[]> {
	const { data } = await client.rpc('other_channels', { conversation_id: conversationId }).throwOnError();
	return data;
}

/** Goes on with a conversation's person on another channel. Gives the conversation there. */
export async function continueOn(client: Client, conversationId: string, channelId: string): Promise<string> {
	const args = { conversation_id: conversationId, channel_id: channelId };
	const { data } = await client.rpc('continue_on_channel', args).throwOnError();
	return data.id;
}
