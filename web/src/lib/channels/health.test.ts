import { expect, test } from 'vitest';
import { tokenDaysLeft } from './health.ts';

const now = Date.parse('2026-11-01T12:00:00Z');

test('a token is warned of from fourteen days before it ends, and after', () => {
	expect(tokenDaysLeft(null, now)).toBeNull();
	expect(tokenDaysLeft('2026-12-01T12:00:00+00:00', now)).toBeNull();
	expect(tokenDaysLeft('2026-11-15T12:00:00+00:00', now)).toBe(14);
	expect(tokenDaysLeft('2026-11-02T11:00:00+00:00', now)).toBe(0);
	expect(tokenDaysLeft('2026-10-31T12:00:00+00:00', now)).toBe(-1);
});
