import { expect, test } from 'vitest';
import type { Message } from '../database.ts';
import type { Pending } from './outbox.svelte.ts';
import { aMessage, aRow } from './samples.ts';
import { timeline, type Item } from './timeline.ts';

const dayOf = (at: string) => at.slice(0, 10);
const options = { unreadAfter: null, me: 'ana', dayOf };

const message = (seq: number, sent_at: string, changes: Partial<Message> = {}) =>
	aMessage(seq, { sent_at, ...changes });

const reaction = (seq: number, target: string, emoji: string, changes: Partial<Message> = {}) =>
	message(seq, '2026-11-21T10:05:00+00:00', {
		kind: 'reaction',
		content: { kind: 'reaction', emoji, removed: emoji === '' },
		target_external_id: target,
		...changes
	});

const drawn = (items: Item[]) => items.map((item) => (item.type === 'entry' ? item.entry.key : item.type));
const entry = (items: Item[], key: string) => {
	const found = items.find((item) => item.type === 'entry' && item.entry.key === key);
	if (found?.type !== 'entry') throw new Error(`no entry ${key}`);
	return found.entry;
};

test('a day that comes twice, because old messages were imported late, has two dividers that are told apart', () => {
	const days = ['2026-11-21', '2026-11-20', '2026-11-21'];
	const items = timeline(
		days.map((day, n) => message(n + 1, `${day}T12:00:00+00:00`)),
		[],
		options
	);
	expect(drawn(items)).toEqual(['day', 'm1', 'day', 'm2', 'day', 'm3']);
	expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});

test('a day divider stands before the first message of each day', () => {
	const rows = [message(1, '2026-11-20T23:59:00+00:00'), message(2, '2026-11-21T00:01:00+00:00')];
	expect(drawn(timeline(rows, [], options))).toEqual(['day', 'm1', 'day', 'm2']);
});

test('messages of one author within two minutes stand together', () => {
	const items = timeline(
		[
			message(1, '2026-11-21T10:00:00+00:00'),
			message(2, '2026-11-21T10:01:59+00:00'),
			message(3, '2026-11-21T10:04:30+00:00')
		],
		[],
		options
	);
	expect([entry(items, 'm1').last, entry(items, 'm2').first, entry(items, 'm3').first]).toEqual([false, false, true]);
});

test('a reaction hangs on its message, and the last one of a person counts', () => {
	const rows = [message(1, '2026-11-21T10:00:00+00:00'), reaction(2, 'wamid.1', '👍'), reaction(3, 'wamid.1', '❤️')];
	const items = timeline(rows, [], options);
	expect(drawn(items)).toEqual(['day', 'm1']);
	expect(entry(items, 'm1').reactions).toEqual([
		{ emoji: '❤️', by: [{ by: 'contact', at: '2026-11-21T10:05:00+00:00' }] }
	]);
	expect(entry(timeline([...rows, reaction(4, 'wamid.1', '')], [], options), 'm1').reactions).toEqual([]);
});

test('a reaction to a message that is not loaded is still told', () => {
	expect(drawn(timeline([reaction(9, 'wamid.1', '👍')], [], options))).toEqual(['day', 'line']);
});

test('the unread divider stands before the first new message of the customer', () => {
	const rows = [
		message(1, '2026-11-21T10:00:00+00:00'),
		message(2, '2026-11-21T10:00:10+00:00', { direction: 'out', author: 'agent', author_id: 'ana' }),
		message(3, '2026-11-21T10:00:20+00:00')
	];
	expect(drawn(timeline(rows, [], { ...options, unreadAfter: 1 }))).toEqual(['day', 'm1', 'm2', 'unread', 'm3']);
});

test('what is being sent keeps its place and key when its row arrives', () => {
	const pending = {
		clientId: 'x',
		content: { kind: 'text' as const, text: 'Já vai' },
		upload: null,
		quoted: null,
		at: '2026-11-21T10:00:20+00:00',
		note: null,
		used: [],
		failed: null
	};
	const mine = { direction: 'out', author: 'agent', author_id: 'ana', status: 'queued' } as const;
	const before = [message(1, '2026-11-21T10:00:00+00:00', mine)];
	const sent = message(2, '2026-11-21T10:00:21+00:00', { ...mine, client_id: 'x' });
	expect(drawn(timeline(before, [pending], options))).toEqual(['day', 'm1', 'x']);
	expect(drawn(timeline([...before, sent], [], options))).toEqual(['day', 'm1', 'x']);
	expect(entry(timeline(before, [pending], options), 'x').first).toBe(false);
});

test('a company has one reaction to a message, whoever of it reacted last, and the customer has theirs', () => {
	const ours = { direction: 'out', author: 'agent', status: 'sent' } as const;
	const rows = [
		message(1, '2026-11-21T10:00:00+00:00'),
		reaction(2, 'wamid.1', '👍', { ...ours, author_id: 'caio' }),
		reaction(3, 'wamid.1', '🙏', { ...ours, author_id: 'ana' }),
		reaction(4, 'wamid.1', '🙏')
	];
	expect(entry(timeline(rows, [], options), 'm1').reactions).toMatchObject([
		{ emoji: '🙏', by: [{ by: 'ana' }, { by: 'contact' }] }
	]);
});

test('a reaction stands on its message while it is sent, and comes off when it is refused', () => {
	const rows = [message(1, '2026-11-21T10:00:00+00:00')];
	const sending: Pending = {
		clientId: 'r',
		content: { kind: 'reaction', emoji: '👍' },
		upload: null,
		quoted: rows[0] ?? null,
		at: '2026-11-21T10:05:00+00:00',
		note: null,
		used: [],
		failed: null
	};
	const items = timeline(rows, [sending], options);
	expect(drawn(items)).toEqual(['day', 'm1']);
	expect(entry(items, 'm1').reactions).toMatchObject([{ emoji: '👍', by: [{ by: 'ana' }] }]);
	const refused = timeline(rows, [{ ...sending, failed: { code: 'window_closed', detail: null } }], options);
	expect(entry(refused, 'm1').reactions).toEqual([]);
	expect(drawn(refused)).toEqual(['day', 'm1', 'r']);
});

test('a call is one line: how it ended, once it has', () => {
	const call = (seq: number, event: string) =>
		message(seq, '2026-11-21T10:00:00+00:00', {
			kind: 'call',
			content: {
				kind: 'call',
				call_id: 'c1',
				event,
				status: event === 'terminate' ? 'COMPLETED' : null,
				started_at: null,
				ended_at: null,
				duration_seconds: event === 'terminate' ? 62 : null,
				errors: []
			}
		});
	expect(drawn(timeline([call(1, 'connect')], [], options))).toEqual(['day', 'm1']);
	expect(drawn(timeline([call(1, 'connect'), call(2, 'terminate')], [], options))).toEqual(['day', 'm2']);
	expect(drawn(timeline([call(1, 'terminate'), call(2, 'connect')], [], options))).toEqual(['day', 'm1']);
});

test('a conversation that became part of this one stands where it ended, and waits for its page', () => {
	const part = (id: string, at: string) => aRow(id, { last_message_at: `2026-11-21T${at}:00+00:00` });
	const rows = ['09:00', '11:00'].map((at, n) => {
		const moment = `2026-11-21T${at}:00+00:00`;
		return message(n + 1, moment, { created_at: moment });
	});
	const parts = [part('before', '08:00'), part('between', '10:00'), part('after', '12:00')];
	expect(drawn(timeline(rows, [], { ...options, parts }))).toEqual(['part', 'day', 'm1', 'part', 'm2', 'part']);
	expect(drawn(timeline(rows, [], { ...options, parts, complete: false }))).toEqual([
		'day',
		'm1',
		'part',
		'm2',
		'part'
	]);
});
