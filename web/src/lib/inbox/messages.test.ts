import { expect, test } from 'vitest';
import type { Message } from '../database.ts';
import { leavesGap, newerMessage, newestMessages } from './messages.ts';
import { aMessage } from './samples.ts';

const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}+00:00`;

const message = (seq: number, changes: Partial<Message> = {}) =>
	aMessage(seq, { direction: 'out', author: 'agent', author_id: 'ana', status: 'sent', updated_at: at(0), ...changes });

test('a read tick never goes back to delivered', () => {
	const read = message(1, { status: 'read', updated_at: at(9) });
	expect(newerMessage(read, message(1, { status: 'delivered', updated_at: at(5) }))).toBe(read);
	expect(newerMessage(read, message(1, { status: 'delivered', updated_at: at(9) }))).toBe(read);
});

test('a delivery that comes after a failure wins over it', () => {
	const delivered = message(1, { status: 'delivered', updated_at: at(9) });
	expect(newerMessage(message(1, { status: 'failed', updated_at: at(5) }), delivered)).toBe(delivered);
});

test('the same message told twice is shown once', () => {
	const known = new Map([['m1', message(1)]]);
	expect(newestMessages(known, [message(1, { updated_at: '2026-11-21T09:59:59+00:00' })])).toEqual([]);
	expect(newestMessages(known, [message(2)]).map(({ seq }) => seq)).toEqual([2]);
});

test('a message that arrives out of order shows that something is missing', () => {
	expect(leavesGap(7, [message(9)])).toBe(true);
	expect(leavesGap(7, [message(9), message(8)])).toBe(false);
	expect(leavesGap(null, [message(9)])).toBe(false);
});
