import { readMedia } from '@prosa/core/media/media.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Message } from '../database.ts';

/** What somebody's files are looked at by. */
export const kinds = ['sights', 'voices', 'documents', 'links'] as const;
export type FileKind = (typeof kinds)[number];

const messageKinds: Record<Exclude<FileKind, 'links'>, string[]> = {
	sights: ['image', 'video'],
	voices: ['audio'],
	documents: ['document']
};

/** A page of what was sent, newest first; `next` where there is more. */
export interface FilePage {
	messages: Message[];
	next: Cursor | null;
}

export interface Cursor {
	sent_at: string;
	id: string;
}

/** The files of a person over all their conversations that one may see, from the newest or after a cursor. */
export async function filesOf(
	client: Client,
	tenantId: string,
	contactId: string,
	kind: FileKind,
	after: Cursor | null,
	size = 40
): Promise<FilePage> {
	let query = client
		.from('messages')
		.select()
		.eq('tenant_id', tenantId)
		.eq('contact_id', contactId)
		.eq('is_private', false)
		.is('revoked_at', null);
	query =
		kind === 'links'
			? query.like('body', '%://%').not('kind', 'in', '(reaction,edit,revoke)')
			: query.in('kind', messageKinds[kind]).not('media', 'is', null);
	// A plain bound lets the index begin at the cursor; the rest settles what was sent in that very moment.
	if (after) query = query.lte('sent_at', after.sent_at).or(`sent_at.lt."${after.sent_at}",id.lt.${after.id}`);
	const { data } = await query
		.order('sent_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(size)
		.throwOnError();
	const last = data.at(-1);
	return {
		messages: kind === 'links' ? data : data.filter(({ media }) => readMedia(media)?.status === 'stored'),
		next: data.length === size && last ? { sent_at: last.sent_at, id: last.id } : null
	};
}

/** Messages by the month they were sent in, in the order they come. */
export function byMonth(
	messages: Message[],
	monthOf: (at: string) => string
): { month: string; messages: Message[] }[] {
	const months: { month: string; messages: Message[] }[] = [];
	for (const message of messages) {
		const month = monthOf(message.sent_at);
		const last = months.at(-1);
		if (last?.month === month) last.messages.push(message);
		else months.push({ month, messages: [message] });
	}
	return months;
}

/** Every address in a text, without what punctuation follows it. */
export function linksIn(text: string): string[] {
	const found = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
	return [...new Set(found.map((link) => link.replace(/[.,;:!?)\]}'”’]+$/, '')))];
}
