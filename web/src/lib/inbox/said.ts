import type { Message } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';
import { kindOf } from './kinds.ts';

/** A message in one line, for quotes and for those who listen instead of look. */
export function lineOf(message: Pick<Message, 'kind' | 'content' | 'body' | 'revoked_at'>): string {
	if (message.revoked_at) return m.kind_revoke();
	const label = kindOf(message.kind, message.content)?.label();
	const text = message.body.replaceAll(/\s+/g, ' ').trim();
	if (message.content.kind === 'reaction') {
		return message.content.removed ? m.reaction_removed() : m.reacted({ emoji: message.content.emoji });
	}
	if (!label) return text;
	return text ? `${label} · ${text}` : label;
}

/** What a contact is called: name, else @username, else number. */
export function contactName(contact: { name: string; username?: string | null; phone: string | null }): string {
	if (contact.name) return contact.name;
	if (contact.username) return `@${contact.username}`;
	return contact.phone ? phoneText(contact.phone) : m.nameless();
}

/** A phone as people write it: +55 11 98888-7777. Other countries keep their digits. */
export function phoneText(digits: string): string {
	const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
	return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${digits}`;
}
