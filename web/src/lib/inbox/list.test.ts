import { expect, test } from 'vitest';
import { newestRows, visibleRows } from './list.ts';
import type { InboxRow } from './rows.ts';
import { aRow } from './samples.ts';
import { everything, type Looker } from './views.ts';

const at = (microseconds: number) => `2026-11-21T10:00:00.${String(microseconds).padStart(6, '0')}+00:00`;

const row = (id: string, changes: Partial<InboxRow> = {}) =>
	aRow(id, { last_message_at: at(1), updated_at: at(1), ...changes });

const open = everything;
const ana: Looker = { me: 'ana', mentioned: new Set(), now: 0 };
const whole = { end: null, complete: true };
const ids = (rows: InboxRow[]) => rows.map(({ id }) => id);

test('the newest conversation stands first, to the microsecond', () => {
	const rows = [
		row('a', { last_message_at: at(5) }),
		row('b', { last_message_at: at(7) }),
		row('c', { last_message_at: at(6) })
	];
	expect(ids(visibleRows(rows, open, ana, whole))).toEqual(['b', 'c', 'a']);
});

test('two conversations of the same microsecond keep one order', () => {
	expect(ids(visibleRows([row('a'), row('b')], open, ana, whole))).toEqual(['b', 'a']);
	expect(ids(visibleRows([row('b'), row('a')], open, ana, whole))).toEqual(['b', 'a']);
});

test('an old conversation that changes does not appear before its page is loaded', () => {
	const end = row('m', { last_message_at: at(5) });
	const rows = [
		row('new', { last_message_at: at(9) }),
		row('m', { last_message_at: at(5) }),
		row('old', { last_message_at: at(2) })
	];
	expect(ids(visibleRows(rows, open, ana, { end, complete: false }))).toEqual(['new', 'm']);
	expect(ids(visibleRows(rows, open, ana, { end, complete: true }))).toEqual(['new', 'm', 'old']);
});

test('a change that comes late or twice changes nothing', () => {
	const known = new Map([['a', row('a', { updated_at: at(10) })]]);
	expect(newestRows(known, [row('a', { updated_at: at(10) }), row('a', { updated_at: at(9) })])).toEqual([]);
	expect(ids(newestRows(known, [row('a', { updated_at: at(11) }), row('b')]))).toEqual(['a', 'b']);
});

test('who waits longest stands first, then who does not wait, newest first', () => {
	const rows = [
		row('calm', { waiting_since: null, last_message_at: at(9) }),
		row('late', { waiting_since: at(3) }),
		row('calmer', { waiting_since: null, last_message_at: at(4) }),
		row('first', { waiting_since: at(2) })
	];
	const sorted = visibleRows(rows, { ...everything, sort: 'waiting' }, ana, whole);
	expect(ids(sorted)).toEqual(['first', 'late', 'calm', 'calmer']);
});

test('the most urgent stands first, and the newest among equals', () => {
	const rows = [
		row('none', { priority: 0, last_message_at: at(9) }),
		row('high', { priority: 3, last_message_at: at(1) }),
		row('urgent', { priority: 4, last_message_at: at(1) }),
		row('high and new', { priority: 3, last_message_at: at(5) })
	];
	const sorted = visibleRows(rows, { ...everything, sort: 'priority' }, ana, whole);
	expect(ids(sorted)).toEqual(['urgent', 'high and new', 'high', 'none']);
});

test('beyond the last loaded page of an order nothing is shown, wherever its clock stands', () => {
	const end = row('end', { sla_due_at: at(5) });
	const rows = [
		row('before', { sla_due_at: at(4) }),
		row('after', { sla_due_at: at(6) }),
		row('never', { sla_due_at: null, last_message_at: at(9) }),
		end
	];
	const sorted = visibleRows(rows, { ...everything, sort: 'due' }, ana, { end, complete: false });
	expect(ids(sorted)).toEqual(['before', 'end']);
});

test('of several tellings of one conversation that come together the newest stands, in whatever order they came', () => {
	const [old, middle, late] = [1, 2, 3].map((second) => row('a', { updated_at: at(second) }));
	if (!old || !middle || !late) throw new Error('three rows');
	expect(newestRows(new Map([['a', old]]), [late, middle])).toEqual([late]);
	expect(newestRows(new Map(), [middle, late, old])).toEqual([late]);
});
