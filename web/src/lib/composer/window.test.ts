import { expect, test } from 'vitest';
import { blockedBy, isEnding, minutesLeft, spanOf } from './window.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const open = { status: 'open', is_history: false, window_expires_at: '2026-11-21T15:59:00+00:00' } as const;

test('an open conversation inside its window can be answered', () => {
	expect(blockedBy(open, true, now)).toBeNull();
});

test('the agent learns that the window has closed before writing, not after sending', () => {
	expect(blockedBy({ ...open, window_expires_at: '2026-11-21T12:00:00+00:00' }, true, now)).toBe('window');
	expect(blockedBy({ ...open, window_expires_at: null }, true, now)).toBe('window');
});

test('a closed conversation asks to be opened first, whatever its window', () => {
	expect(blockedBy({ ...open, status: 'closed', window_expires_at: null }, true, now)).toBe('closed');
	expect(blockedBy({ ...open, status: 'closed' }, false, now)).toBe('viewer');
});

test('the countdown tells hours while there are many, then minutes, and warns in the last hour', () => {
	const left = (at: string) => minutesLeft(at, now);
	expect(spanOf(left('2026-11-24T11:30:00+00:00'))).toBe('71 h');
	expect(spanOf(left('2026-11-21T15:05:00+00:00'))).toBe('3 h 05');
	expect(spanOf(left('2026-11-21T12:41:30+00:00'))).toBe('42 min');
	expect([61, 60, 1, 0].map(isEnding)).toEqual([false, true, true, false]);
});
