import { expect, test } from 'vitest';
import { matches, readFilter, writeFilter, type Filter } from './views.ts';

const ana = 'ana';

test('a filter survives its address', () => {
	for (const filter of [
		{ view: 'mine', status: 'closed' },
		{ view: 'unassigned', status: 'open' },
		{ view: 'all', status: 'open' }
	] satisfies Filter[]) {
		expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
	}
});

test('an address nobody wrote shows everything open', () => {
	expect(readFilter(new URLSearchParams('?view=hers&status=lost'))).toEqual({ view: 'all', status: 'open' });
});

test("a conversation someone takes leaves the queue and appears among that person's own", () => {
	const taken = { assignee_id: ana, status: 'open' } as const;
	expect(matches(taken, { view: 'unassigned', status: 'open' }, ana)).toBe(false);
	expect(matches(taken, { view: 'mine', status: 'open' }, ana)).toBe(true);
	expect(matches(taken, { view: 'mine', status: 'open' }, 'bruno')).toBe(false);
	expect(matches(taken, { view: 'all', status: 'closed' }, ana)).toBe(false);
});
