import { expect, test } from 'vitest';
import { middleOf } from './square.ts';

test('of a picture that is wider or taller than a square the middle is kept', () => {
	expect(middleOf(400, 300)).toEqual({ x: 50, y: 0, edge: 300 });
	expect(middleOf(300, 401)).toEqual({ x: 0, y: 50, edge: 300 });
	expect(middleOf(64, 64)).toEqual({ x: 0, y: 0, edge: 64 });
});
