import { expect, test } from 'vitest';
import { newestRows, visibleRows } from './list.ts';
import type { InboxRow } from './rows.ts';
import { aRow } from './samples.ts';

const at = (microseconds: number) => `2026-11-21T10:00:00.${String(microseconds).padStart(6, '0')}+00:00`;

const row = (id: string, changes: Partial<InboxRow> = {}) =>
	aRow(id, { last_message_at: at(1), updated_at: at(1), ...changes });

const open = { view: 'all', status: 'open' } as const;
const everything = { end: null, complete: true };
const ids = (rows: InboxRow[]) => rows.map(({ id }) => id);

test('the newest conversation stands first, to the microsecond', () => {
	const rows = [
		row('a', { last_message_at: at(5) }),
		row('b', { last_message_at: at(7) }),
		row('c', { last_message_at: at(6) })
	];
	expect(ids(visibleRows(rows, open, 'ana', everything))).toEqual(['b', 'c', 'a']);
});

test('two conversations of the same microsecond keep one order', () => {
	expect(ids(visibleRows([row('a'), row('b')], open, 'ana', everything))).toEqual(['b', 'a']);
	expect(ids(visibleRows([row('b'), row('a')], open, 'ana', everything))).toEqual(['b', 'a']);
});

test('an old conversation that changes does not appear before its page is loaded', () => {
	const end = { last_message_at: at(5), id: 'm' };
	const rows = [
		row('new', { last_message_at: at(9) }),
		row('m', { last_message_at: at(5) }),
		row('old', { last_message_at: at(2) })
	];
	expect(ids(visibleRows(rows, open, 'ana', { end, complete: false }))).toEqual(['new', 'm']);
	expect(ids(visibleRows(rows, open, 'ana', { end, complete: true }))).toEqual(['new', 'm', 'old']);
});

test('a change that comes late or twice changes nothing', () => {
	const known = new Map([['a', row('a', { updated_at: at(10) })]]);
	expect(newestRows(known, [row('a', { updated_at: at(10) }), row('a', { updated_at: at(9) })])).toEqual([]);
	expect(ids(newestRows(known, [row('a', { updated_at: at(11) }), row('b')]))).toEqual(['a', 'b']);
});
