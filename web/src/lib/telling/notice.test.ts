import { expect, test } from 'vitest';
import { byDay, mergeNotices, type Notice } from './notice.ts';

const notice = (id: string, at: string, changes: Partial<Notice> = {}): Notice => ({
	id,
	tenant_id: 't',
	user_id: 'u',
	type: 'assigned',
	conversation_id: 'c',
	message_id: null,
	actor_id: null,
	detail: {},
	count: 1,
	in_app: true,
	digest: true,
	mailed_at: null,
	read_at: null,
	created_at: at,
	conversation: null,
	...changes
});

test('a notice that comes twice, or late, stands there once, and the newest stands first', () => {
	const [a, b] = [notice('a', '2026-11-21T10:00:00+00:00'), notice('b', '2026-11-21T11:00:00+00:00')];
	expect(mergeNotices([a], [b, a]).map(({ id }) => id)).toEqual(['b', 'a']);
	const again = notice('a', '2026-11-21T12:00:00+00:00', { count: 2 });
	expect(mergeNotices([b, a], [again]).map(({ id, count }) => [id, count])).toEqual([
		['a', 2],
		['b', 1]
	]);
	expect(mergeNotices([again], [a])[0]?.count).toBe(2);
});

test('the bell groups by day', () => {
	const days = byDay(
		[notice('a', '2026-11-21T10:00'), notice('b', '2026-11-21T09:00'), notice('c', '2026-11-20T10:00')],
		(at) => at.slice(0, 10)
	);
	expect(days.map(({ day, notices }) => [day, notices.length])).toEqual([
		['2026-11-21', 2],
		['2026-11-20', 1]
	]);
});
