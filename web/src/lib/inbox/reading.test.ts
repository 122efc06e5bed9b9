import { expect, test } from 'vitest';
import { Reading } from './reading.svelte.ts';
import { aMessage } from './samples.ts';

const upTo = (seq: number) => Array.from({ length: seq }, (_, n) => aMessage(n + 1, { direction: 'in' }));

test('the mark stands where reading had stopped when the thread was opened, and goes when one answers', () => {
	const reading = new Reading({ unread_count: 2, read_seq: 3 });
	expect(reading.after).toBe(3);
	reading.answered(5);
	expect(reading.after).toBeNull();
});

test('an answer takes the mark away also a moment after one was away, and what comes later is marked', () => {
	const reading = new Reading({ unread_count: 0, read_seq: 3 });
	reading.away(3);
	reading.look(upTo(5), 3);
	expect(reading.after).toBe(3);
	reading.answered(5);
	reading.look(upTo(5), 5);
	expect(reading.after).toBeNull();
	reading.look(upTo(7), 5);
	expect(reading.after).toBe(5);
});

test('what comes while one looks is not marked', () => {
	const reading = new Reading({ unread_count: 0, read_seq: 3 });
	reading.look(upTo(4), 3);
	expect(reading.after).toBeNull();
});

test('what came while one was away, or without a line, stands behind a mark', () => {
	const reading = new Reading({ unread_count: 0, read_seq: 3 });
	reading.away(3);
	reading.look(upTo(3), 3);
	expect(reading.after).toBeNull();
	reading.look(upTo(5), 3);
	expect(reading.after).toBe(3);
	reading.look(upTo(8), 3);
	expect(reading.after).toBe(3);
});

test('a mark moves on once all before was read, and stays where it wasn’t', () => {
	const unread = new Reading({ unread_count: 2, read_seq: 3 });
	unread.away(5);
	unread.look(upTo(6), 3);
	expect(unread.after).toBe(3);
	const read = new Reading({ unread_count: 2, read_seq: 3 });
	read.away(5);
	read.look(upTo(6), 5);
	expect(read.after).toBe(5);
});
