import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptList } from './kept_list.ts';
import { visibleRows, type Reach } from './list.ts';
import { aRow } from './samples.ts';
import { sorts } from './sorts.ts';
import { everything, type Filter, type Looker } from './views.ts';

const ana: Looker = { me: 'ana', mentioned: new Set(['c1', 'c4']), now: 0 };
const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}+00:00`;
const second = fc.nat({ max: 59 });
const id = fc.nat({ max: 12 }).map((n) => `c${n}`);
const aChange = fc.record({
	id,
	last_message_at: second.map(at),
	waiting_since: fc.option(second.map(at)),
	priority: fc.nat({ max: 2 }),
	assignee_id: fc.option(fc.constantFrom('ana', 'caio')),
	folder: fc.constantFrom('open', 'closed')
});
const filters: Filter[] = (['all', 'mine', 'unassigned', 'closed', 'mentions'] as const).flatMap((view) =>
	sorts.map((sort) => ({ ...everything, view, sort }))
);
const step = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ rows: fc.array(aChange, { minLength: 1, maxLength: 4 }) }) },
	{ weight: 1, arbitrary: fc.record({ gone: id }) },
	{ weight: 2, arbitrary: fc.record({ reach: fc.option(second.map(at)), complete: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ filter: fc.constantFrom(...filters) }) }
);

test('whatever comes, goes and is loaded, a kept list shows what sorting all of it anew would', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			const kept = new KeptList();
			let filter = everything;
			let reach: Reach = { end: null, complete: false };
			for (const one of steps) {
				if ('rows' in one) for (const { id: of, ...changes } of one.rows) kept.set(aRow(of, changes));
				else if ('gone' in one) kept.delete(one.gone);
				else if ('filter' in one) filter = one.filter;
				else {
					const end = one.reach === null ? null : aRow('c5', { last_message_at: one.reach, waiting_since: one.reach });
					reach = { end, complete: one.complete };
				}
				const shown = kept.shown(filter, ana, reach);
				expect(shown).toEqual(visibleRows(kept.rows.values(), filter, ana, reach));
				expect(kept.shown(filter, ana, reach), 'the same while nothing changes').toBe(shown);
			}
		}),
		{ numRuns: 400 }
	);
});

test('a message in a list of 10,000 does not sort it anew', () => {
	const kept = new KeptList();
	const long = (n: number) => new Date(Date.UTC(2026, 10, 21) + n).toISOString().replace('Z', '+00:00');
	for (let n = 0; n < 10_000; n++) kept.set(aRow(`c${n}`, { last_message_at: long(n), assignee_id: null }));
	const reach: Reach = { end: null, complete: true };
	kept.shown(everything, ana, reach);
	let looks = 0;
	const counting = new Proxy(aRow('c7', { last_message_at: long(20_000) }), {
		get: (row, name) => {
			if (name === 'last_message_at') looks++;
			return Reflect.get(row, name) as unknown;
		}
	});
	kept.set(counting);
	expect(kept.shown(everything, ana, reach)[0]?.id).toBe('c7');
	expect(looks).toBeLessThan(40);
});
