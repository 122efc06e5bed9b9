import type { Contact, Conversation, Notification } from '../database.ts';

/** The conversation beside a notification; null where it is no longer the person's to see. */
export interface NoticeConversation {
	id: string;
	preview: Conversation['preview'];
	preview_kind: Conversation['preview_kind'];
	contact: Pick<Contact, 'id' | 'name' | 'username' | 'phone'>;
}

/** A notification as the bell shows it; Realtime sends the same shape. */
export interface Notice extends Notification {
	conversation: NoticeConversation | null;
}

/** What was told on `user:<id>` when one of the person's conversations turned unread, or was read. */
export interface UnreadNews {
	tenant_id: string;
	conversation_id: string;
	unread: boolean;
	conversation?: NoticeConversation;
}

const order = (a: Notice, b: Notice) =>
	a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1;

/** Notices newest first, each once: of two versions the one that happened later, or was read, holds. */
export function mergeNotices(known: readonly Notice[], rows: readonly Notice[]): Notice[] {
	const byId = new Map(known.map((notice) => [notice.id, notice]));
	for (const row of rows) {
		const before = byId.get(row.id);
		if (
			!before ||
			row.created_at > before.created_at ||
			(row.created_at === before.created_at && row.count >= before.count)
		)
			byId.set(row.id, row);
	}
	return [...byId.values()].sort(order);
}

/** Notices by their local day, newest first. */
export function byDay(notices: readonly Notice[], dayOf: (at: string) => string): { day: string; notices: Notice[] }[] {
	const days: { day: string; notices: Notice[] }[] = [];
	for (const notice of notices) {
		const day = dayOf(notice.created_at);
		const last = days.at(-1);
		if (last?.day === day) last.notices.push(notice);
		else days.push({ day, notices: [notice] });
	}
	return days;
}
