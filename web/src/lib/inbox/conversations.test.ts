import { expect, test } from 'vitest';
import { Conversations, type ListSource } from './conversations.svelte.ts';
import type { InboxRow } from './rows.ts';
import { aRow } from './samples.ts';
import { everything } from './views.ts';

const at = (second: number) =>
	`2026-11-21T10:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}+00:00`;
const row = (id: string, second: number, changes: Partial<InboxRow> = {}) =>
	aRow(id, { last_message_at: at(second), updated_at: at(second), ...changes });

/** A list over rows of the database, which a person's rights may hide. */
function listOver(database: Map<string, InboxRow>, seesAll = true) {
	let reached = true;
	const answer = (rows: InboxRow[]) => (reached ? Promise.resolve(rows) : Promise.reject(new Error('no line')));
	const source: ListSource = {
		page: () => answer([...database.values()]),
		changes: (since) => answer([...database.values()].filter(({ updated_at }) => updated_at >= since)),
		byId: (ids) => answer(ids.flatMap((id) => database.get(id) ?? []))
	};
	const list = new Conversations(source, { me: 'ana', seesAll, pageSize: 50 });
	list.seed(everything, [...database.values()]);
	return { list, source, cut: () => (reached = false), mend: () => (reached = true) };
}
const ids = (list: Conversations) => list.list.map(({ id }) => id);

test('what was missed while catching up failed is not hidden by what is told afterwards', async () => {
	const database = new Map([['a', row('a', 0)]]);
	const { list, cut, mend } = listOver(database);
	list.broken();
	database.set('missed', row('missed', 100));
	cut();
	await expect(list.catchUp()).rejects.toThrow('no line');
	const told = row('told', 200);
	database.set('told', told);
	list.apply({ type: 'upsert', rows: [told] });
	mend();
	await list.catchUp();
	expect(ids(list)).toEqual(['told', 'missed', 'a']);
});

test('what one changes oneself while nothing is told hides nothing either', async () => {
	const database = new Map([['a', row('a', 0)]]);
	const { list } = listOver(database);
	list.broken();
	database.set('missed', row('missed', 100));
	list.patch(row('a', 200, { priority: 4 }));
	await list.catchUp();
	expect(ids(list)).toContain('missed');
});

test('a break in the middle of catching up is caught up from where that began', async () => {
	const database = new Map([['a', row('a', 0)]]);
	const { list, source } = listOver(database);
	list.broken();
	const { changes } = source;
	source.changes = async (since) => {
		const rows = await changes(since);
		list.broken();
		database.set('missed', row('missed', 100));
		list.apply({ type: 'upsert', rows: [row('told', 200)] });
		return rows;
	};
	await list.catchUp();
	source.changes = changes;
	await list.catchUp();
	expect(ids(list)).toContain('missed');
});

test('one that comes to us while we ask who is still ours stays', async () => {
	const database = new Map([['a', row('a', 0)]]);
	const { list, source } = listOver(database, false);
	source.byId = () => {
		list.apply({ type: 'upsert', rows: [row('a', 5)] });
		return Promise.resolve([]);
	};
	await list.recheck(['a']);
	expect(ids(list)).toEqual(['a']);
});

test('one that is no longer ours leaves', async () => {
	const database = new Map([['a', row('a', 0)]]);
	const { list } = listOver(database, false);
	database.clear();
	await list.recheck(['a']);
	expect(ids(list)).toEqual([]);
});
