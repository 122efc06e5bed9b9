import { z } from 'zod';
import { m } from '#lib/paraglide/messages.js';
import { contactName } from '#lib/inbox/name.ts';
import type { Notice } from './notice.ts';

/** What the detail of a notification may say; anything else in it is passed over. */
const Detail = z.object({
	note: z.string().optional().catch(undefined),
	text: z.string().optional().catch(undefined),
	name: z.string().optional().catch(undefined),
	stage: z.enum(['warning', 'due']).optional().catch(undefined),
	of: z.literal('customer').optional().catch(undefined),
	cause: z.object({ type: z.string(), name: z.string().optional() }).optional().catch(undefined)
});

/** Whom a notification is about: the customer; somebody where the conversation is no longer the person's to see. */
export function subjectOf({ conversation }: Pick<Notice, 'conversation'>): string {
	return conversation ? contactName(conversation.contact) : m.notice_conversation_gone();
}

/** What happened, in a few words: `Sofia atribuiu a você`. */
export function sentenceOf(notice: Pick<Notice, 'type' | 'detail'>, actor: string | null): string {
	const { cause, name, stage, of } = Detail.catch({}).parse(notice.detail);
	switch (notice.type) {
		case 'assigned':
			if (actor) return m.notice_assigned_by({ name: actor });
			return cause?.name ? m.notice_assigned_cause({ name: cause.name }) : m.notice_assigned();
		case 'transferred':
			return actor ? m.notice_transferred_by({ name: actor }) : m.notice_transferred();
		case 'mentioned':
			return actor ? m.notice_mentioned_by({ name: actor }) : m.notice_mentioned();
		case 'participating':
			if (of) return m.notice_participating_customer();
			return actor ? m.notice_participating_by({ name: actor }) : m.notice_participating();
		case 'snooze_over':
			return m.notice_snooze_over();
		case 'sla_due':
			return stage === 'warning' ? m.notice_sla_warning() : m.notice_sla_due();
		case 'message':
			return m.notice_message();
		default:
			return (cause?.name ?? name) ? m.notice_rule_named({ name: cause?.name ?? name ?? '' }) : m.notice_rule();
	}
}

/** The words that came with it, such as a transfer's note; null without. */
export function wordsOf({ detail }: Pick<Notice, 'detail'>): string | null {
	const { note, text } = Detail.catch({}).parse(detail);
	return note ?? text ?? null;
}
