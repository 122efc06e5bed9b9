import { expect, test } from 'vitest';
import type { Conditions } from '@prosa/core/conditions/conditions.ts';
import { aRow } from './samples.ts';
import { everything, folderOf, matches, readFilter, writeFilter, type Filter, type Looker } from './views.ts';

const ana: Looker = { me: 'ana', mentioned: new Set(['called']), now: Date.parse('2026-11-21T12:00:00Z') };
const urgent: Conditions = { match: 'all', rules: [{ field: 'priority', op: 'gt', value: 2 }] };
const closed: Conditions = { match: 'all', rules: [{ field: 'folder', op: 'is', value: 'closed' }] };
const saved = [
	{ id: 'f1', conditions: { rules: [{ op: 'gt', field: 'priority', value: 2 }], match: 'all' }, sort: 'waiting' }
];
const address = (filter: Filter) => new URLSearchParams(writeFilter(filter, saved));

test('a filter survives its address', () => {
	for (const filter of [
		everything,
		{ ...everything, view: 'mine', sort: 'priority' },
		{ ...everything, view: 'closed' },
		{ ...everything, view: 'team', id: 't1', sort: 'waiting' },
		{ ...everything, view: 'unassigned', conditions: urgent },
		{ view: 'saved', id: 'f1', sort: 'waiting', conditions: urgent },
		{ view: 'saved', id: 'f1', sort: 'due', conditions: { ...urgent, match: 'any' } }
	] satisfies Filter[]) {
		expect(readFilter(address(filter), saved)).toEqual(filter);
	}
});

test('the address of a saved filter says its id alone, and more only of what was changed in it', () => {
	expect(writeFilter({ view: 'saved', id: 'f1', sort: 'waiting', conditions: urgent }, saved)).toBe('?filter=f1');
	expect(address({ view: 'saved', id: 'f1', sort: 'newest', conditions: urgent }).get('sort')).toBe('newest');
});

test('an address nobody wrote shows everything open', () => {
	expect(readFilter(new URLSearchParams('?view=hers&sort=colour&rules=%7B'))).toEqual(everything);
	expect(readFilter(new URLSearchParams('?view=mine&status=closed')).view).toBe('closed');
});

test('only what is open has other orders than the newest', () => {
	expect(readFilter(new URLSearchParams('?view=closed&sort=waiting')).sort).toBe('newest');
});

test("a conversation someone takes leaves the queue and appears among that person's own", () => {
	const taken = aRow('k', { assignee_id: 'ana' });
	expect(matches(taken, { ...everything, view: 'unassigned' }, ana)).toBe(false);
	expect(matches(taken, { ...everything, view: 'mine' }, ana)).toBe(true);
	expect(matches(taken, { ...everything, view: 'mine' }, { ...ana, me: 'bruno' })).toBe(false);
	expect(matches(taken, { ...everything, view: 'closed' }, ana)).toBe(false);
});

test('what is put aside stands in its own view and in no other', () => {
	const snoozed = aRow('k', { folder: 'snoozed', assignee_id: 'ana' });
	expect(matches(snoozed, { ...everything, view: 'mine' }, ana)).toBe(false);
	expect(matches(snoozed, { ...everything, view: 'snoozed' }, ana)).toBe(true);
	expect(matches(aRow('called', { folder: 'closed' }), { ...everything, view: 'mentions' }, ana)).toBe(true);
});

test('a saved filter shows what is open, unless its rules speak of folders', () => {
	const filter = (conditions: Conditions): Filter => ({ view: 'saved', id: 'f1', sort: 'newest', conditions });
	expect(folderOf(filter(urgent))).toBe('open');
	expect(folderOf(filter(closed))).toBe('closed');
	expect(folderOf(filter({ ...closed, match: 'any' }))).toBeNull();
	expect(matches(aRow('k', { priority: 3 }), filter(urgent), ana)).toBe(true);
	expect(matches(aRow('k', { priority: 3, folder: 'closed' }), filter(urgent), ana)).toBe(false);
});
