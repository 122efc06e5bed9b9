import { expect, test } from 'vitest';
import { blockedBy, countdown } from './window.ts';

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

test('the countdown begins four hours before the window closes', () => {
	expect(countdown(open.window_expires_at, now)).toBe(239);
	expect(countdown('2026-11-21T16:00:00+00:00', now)).toBeNull();
	expect(countdown('2026-11-21T11:00:00+00:00', now)).toBeNull();
});
