import type { InboxRow } from '../inbox/rows.ts';
import { millisOf } from '../time/instant.ts';

/** WhatsApp's longest text (Cloud API, text messages). */
export const longestText = 4096;
/** Under this many minutes the composer counts down. */
const countdownMinutes = 4 * 60;

/** Why nothing can be sent, or null. The order is the order in which it helps to know. */
export type Blocked = 'viewer' | 'history' | 'closed' | 'window' | null;

export function blockedBy(
	row: Pick<InboxRow, 'status' | 'is_history' | 'window_expires_at'>,
	mayReply: boolean,
	now: number
): Blocked {
	if (!mayReply) return 'viewer';
	if (row.is_history) return 'history';
	if (row.status === 'closed') return 'closed';
	return minutesLeft(row.window_expires_at, now) <= 0 ? 'window' : null;
}

/** Minutes until the window closes, rounded up; 0 when it is closed or was never open. */
export function minutesLeft(expiresAt: string | null, now: number): number {
	return Math.max(0, Math.ceil(((millisOf(expiresAt) ?? 0) - now) / 60_000));
}

/** The countdown to show, in minutes; null while there is time enough. */
export function countdown(expiresAt: string | null, now: number): number | null {
	const minutes = minutesLeft(expiresAt, now);
	return minutes > 0 && minutes < countdownMinutes ? minutes : null;
}
