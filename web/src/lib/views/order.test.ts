import { expect, test } from 'vitest';
import { moved } from './order.ts';

test('what is moved stands where it was let go', () => {
	expect(moved(['a', 'b', 'c'], 'a', 2)).toEqual(['b', 'c', 'a']);
	expect(moved(['a', 'b', 'c'], 'c', 0)).toEqual(['c', 'a', 'b']);
});

test('a move that leads nowhere is none', () => {
	expect(moved(['a', 'b'], 'a', -1)).toBeNull();
	expect(moved(['a', 'b'], 'b', 5)).toBeNull();
	expect(moved(['a', 'b'], 'z', 0)).toBeNull();
});
