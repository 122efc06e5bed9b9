import { m } from '#lib/paraglide/messages.js';
import { contactName } from '#lib/inbox/name.ts';
import type { Notice } from './notice.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A text in the detail of a notification; anything else in its place is passed over. */
function textIn(detail: unknown, key: string): string | undefined {
	const found = isRecord(detail) ? detail[key] : undefined;
	return typeof found === 'string' ? found : undefined;
}

/** Whom a notification is about: the customer; somebody where the conversation is no longer the person's to see. */
export function subjectOf({ conversation }: Pick<Notice, 'conversation'>): string {
	return conversation ? contactName(conversation.contact) : m.notice_conversation_gone();
}

/** What happened, in a few words: `Sofia atribuiu a você`. */
export function sentenceOf(notice: Pick<Notice, 'type' | 'detail'>, actor: string | null): string {
	const name = textIn(notice.detail, 'name');
	const stage = textIn(notice.detail, 'stage');
	const of = textIn(notice.detail, 'of');
	const cause = textIn(isRecord(notice.detail) ? notice.detail.cause : null, 'name');
	switch (notice.type) {
		case 'assigned':
			if (actor) return m.notice_assigned_by({ name: actor });
			return cause ? m.notice_assigned_cause({ name: cause }) : m.notice_assigned();
		case 'transferred':
			return actor ? m.notice_transferred_by({ name: actor }) : m.notice_transferred();
		case 'mentioned':
			return actor ? m.notice_mentioned_by({ name: actor }) : m.notice_mentioned();
		case 'participating':
			if (of === 'customer') return m.notice_participating_customer();
			return actor ? m.notice_participating_by({ name: actor }) : m.notice_participating();
		case 'snooze_over':
			return m.notice_snooze_over();
		case 'sla_due':
			return stage === 'warning' ? m.notice_sla_warning() : m.notice_sla_due();
		case 'message':
			return m.notice_message();
		default:
			return (cause ?? name) ? m.notice_rule_named({ name: cause ?? name ?? '' }) : m.notice_rule();
	}
}

/** The words that came with it, such as a transfer's note; null without. */
export function wordsOf({ detail }: Pick<Notice, 'detail'>): string | null {
	return textIn(detail, 'note') ?? textIn(detail, 'text') ?? null;
}
