import type { MessageStatus } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';

const names: Record<MessageStatus, (() => string) | null> = {
	received: null,
	queued: m.status_queued,
	sending: m.status_sending,
	sent: m.status_sent,
	delivered: m.status_delivered,
	read: m.status_read,
	failed: m.status_failed
};

/** How far a message got, in words; null for one that was received. */
export function statusName(status: MessageStatus): string | null {
	return names[status]?.() ?? null;
}

const steps: Record<string, () => string> = {
	sent: m.status_sent,
	delivered: m.status_delivered,
	read: m.status_read,
	played: m.status_played,
	failed: m.status_failed,
	deleted: m.kind_revoke,
	original: m.version_original,
	edited: m.version_edited,
	revoked: m.version_revoked,
	note_edited: m.version_note_edited,
	note_deleted: m.version_note_deleted
};

/** What happened to a message, in words; a word of the provider's that is new stays its own. */
export function stepName(type: string): string {
	return steps[type]?.() ?? type;
}

const results: Record<string, () => string> = {
	accepted: m.attempt_accepted,
	failed: m.attempt_failed,
	retry: m.attempt_retry,
	hold: m.attempt_hold,
	unknown: m.attempt_unknown
};

/** What came of one call to the provider. */
export function resultName(result: string | null): string {
	return (result === null ? m.status_sending : (results[result] ?? m.attempt_unknown))();
}
