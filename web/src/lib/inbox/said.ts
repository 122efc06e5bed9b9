import type { Message } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';
import { kindOf } from './kinds.ts';

export { contactName, phoneText } from './name.ts';

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
