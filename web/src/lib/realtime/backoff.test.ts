import { expect, test } from 'vitest';
import { backoff } from './backoff.ts';

test('a lost channel is tried again within half a second, and patiently after that', () => {
	expect(backoff(0, 1)).toBe(400);
	expect(backoff(3, 1)).toBe(3200);
	expect(backoff(50, 1)).toBe(5_000);
});

test('a hundred browsers that lost the same server do not come back together', () => {
	expect(backoff(2, 0)).toBeLessThan(backoff(2, 1));
	expect(backoff(2, 0)).toBeGreaterThan(0);
});
