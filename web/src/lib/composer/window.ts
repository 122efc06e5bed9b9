import type { InboxRow } from '../inbox/rows.ts';
import { millisOf } from '../time/instant.ts';

/** In the last hour the countdown asks for attention. */
const endingMinutes = 60;

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

export const isEnding = (minutes: number): boolean => minutes > 0 && minutes <= endingMinutes;

/** What is left as one reads it at a glance: 71 h · 3 h 05 · 42 min. */
export function spanOf(minutes: number): string {
	const hours = Math.floor(minutes / 60);
	if (hours === 0) return `${minutes} min`;
	return hours < 4 ? `${hours} h ${String(minutes % 60).padStart(2, '0')}` : `${hours} h`;
}
