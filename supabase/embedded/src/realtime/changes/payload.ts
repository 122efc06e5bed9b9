import { messageFrame } from '../frames.ts';
import type { Change, CheckedChange } from './checker.ts';
import type { Subscription } from './subscription.ts';
import type { Column, Table } from './table.ts';

/** A value that a row over the limit still shows. */
const SMALL = 64;

/** Sends a checked change to its listeners, encoding once what is the same for several of them. */
export function deliver(change: Change, checked: CheckedChange, limit: number): void {
	const bodies = new Map<string, string>();
	const frames = new Map<string, Buffer>();
	for (const [, subscriptions] of group(checked.subscriptions)) {
		const [first] = subscriptions;
		const table = first && checked.tables.get(first.role);
		if (!first || !table || first.channel.closed) continue;
		const view = viewOf(first, table);
		const body = entry(bodies, view.key, () => bodyOf(change, checked, table, view, limit));
		const ids = JSON.stringify([...new Set(subscriptions.map(({ id }) => id))]);
		const { socket, topic } = first.channel;
		const frame = entry(frames, [socket.version, topic, ids, view.key].join('\0'), () =>
			messageFrame(socket.version, null, null, topic, 'postgres_changes', `{"ids":${ids},"data":${body}}`)
		);
		socket.send(frame);
	}
}

/** A channel with several listeners gets one frame where they see the same columns. */
function group(subscriptions: Subscription[]): Map<string, Subscription[]> {
	const numbers = new Map<object, number>();
	const groups = new Map<string, Subscription[]>();
	for (const subscription of subscriptions) {
		const { channel, role, select } = subscription;
		const key = `${entry(numbers, channel, () => numbers.size)} ${role} ${[...select].sort().join()}`;
		entry(groups, key, () => []).push(subscription);
	}
	return groups;
}

interface View {
	key: string;
	columns: Column[];
	error: string | null;
}

/** The columns a listener sees: those its role may select and, if it named some, those and the key. */
function viewOf({ role, select }: Subscription, table: Table): View {
	const columns = table.columns.filter(
		({ name, selectable, primaryKey }) => selectable && (select.length === 0 || primaryKey || select.includes(name))
	);
	const error =
		table.primaryKey.length === 0
			? 'Error 400: Bad Request, no primary key'
			: table.primaryKey.every(({ selectable }) => selectable)
				? null
				: 'Error 401: Unauthorized';
	return { key: JSON.stringify([role, error, columns.map(({ name }) => name)]), columns, error };
}

function bodyOf(change: Change, { record, oldRecord }: CheckedChange, table: Table, view: View, limit: number): string {
	const { kind, relation, committedAt } = change;
	const error = kind === 'DELETE' ? null : view.error;
	const size = [record, oldRecord].flatMap((row) => [...(row?.values() ?? [])]).reduce((sum, v) => sum + v.length, 0);
	const tooLarge = size > limit;
	const row = (values: Map<string, string> | null, columns: Column[]) => {
		const fields = columns.flatMap(({ name }) => {
			const value = values?.get(name);
			if (value === undefined || (tooLarge && Buffer.byteLength(value) > SMALL)) return [];
			return [`${JSON.stringify(name)}:${value}`];
		});
		return `{${fields.join(',')}}`;
	};
	// who may see a deleted row can't be asked any more, so under row security its key is all that is told
	const seenOld = kind === 'DELETE' && table.rowSecurity ? view.columns.filter((c) => c.primaryKey) : view.columns;
	const columns = error ? [] : view.columns;
	const errors = error ? [error] : tooLarge ? ['Error 413: Payload Too Large'] : null;
	return [
		`{"columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))}`,
		`"commit_timestamp":${JSON.stringify(committedAt.toISOString())}`,
		`"errors":${JSON.stringify(errors)}`,
		`"schema":${JSON.stringify(relation.schema)}`,
		`"table":${JSON.stringify(relation.name)}`,
		...(kind === 'INSERT' ? [] : [`"old_record":${row(oldRecord, error ? [] : seenOld)}`]),
		...(kind === 'DELETE' ? [] : [`"record":${row(record, columns)}`]),
		`"type":"${kind}"}`
	].join(',');
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	let value = map.get(key);
	if (value === undefined) map.set(key, (value = make()));
	return value;
}
