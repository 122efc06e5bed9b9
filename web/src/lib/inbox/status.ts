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
