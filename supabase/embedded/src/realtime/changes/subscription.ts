import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Channel } from '../channel.ts';
import { filterSql, FilterRefused, parseFilter, type Condition } from './filter.ts';
import { findTables, type Table } from './table.ts';

/** A channel's wish to hear of changes of one table. */
export interface Subscription {
	channel: Channel;
	relation: number;
	/** How the client tells its listeners apart. */
	id: number;
	event: string;
	filter: Condition[];
	/** The columns asked for; all when empty. */
	select: string[];
	role: string;
	claims: string;
}

/** Parameters that can't be served; the message is for the client. */
export class ChangesRefused extends Error {
	override name = 'ChangesRefused';
}

/** The number by which client and server know one `postgres_changes` listener: the same for the same parameters. */
export function bindingId(change: Record<string, unknown>): number {
	const text = JSON.stringify(Object.entries(change).sort(([a], [b]) => (a < b ? -1 : 1)));
	return createHash('sha1').update(text).digest().readUInt32BE(0) >>> 5;
}

/** One subscription for each published table that the parameters name. */
export async function makeSubscriptions(
	pool: pg.Pool,
	publication: string,
	channel: Channel,
	change: Record<string, unknown>
): Promise<Subscription[]> {
	const { event = '*', schema = 'public', table = '*', filter = '', select = [] } = change;
	const tables = await findTables(pool, channel.bearer.role, publication, String(schema), String(table));
	if (tables.length === 0)
		throw new ChangesRefused(
			'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect ' +
				`parameters: [event: ${String(event)}, schema: ${String(schema)}, table: ${String(table)}, filters: ${JSON.stringify(filter)}]`
		);
	const conditions = readFilter(filter);
	for (const table of tables) await tryFilter(pool, table, conditions);
	return tables.map(({ oid }) => ({
		channel,
		relation: oid,
		id: bindingId(change),
		event: String(event).toUpperCase(),
		filter: conditions,
		select: Array.isArray(select) ? select.map(String) : [],
		role: channel.bearer.role,
		claims: JSON.stringify(channel.bearer)
	}));
}

function readFilter(filter: unknown): Condition[] {
	try {
		return typeof filter === 'string' && filter.trim() !== '' ? parseFilter(filter) : [];
	} catch (error) {
		throw refused(error);
	}
}

/** A filter that Postgres can't run is refused now rather than silently passing nothing later. */
async function tryFilter(pool: pg.Pool, table: Table, conditions: Condition[]): Promise<void> {
	if (conditions.length === 0) return;
	try {
		const sql = filterSql(conditions, selectableType(table));
		const patterns = conditions.filter(({ operator }) => operator === 'match' || operator === 'imatch');
		await pool.query(
			`select ${sql} from json_populate_record(null::${rowType(table)}, '{}') as r
			where ${['true', ...patterns.map((_, i) => `'' ~ $${i + 1} is not null`)].join(' and ')}`,
			patterns.map(({ value }) => value)
		);
	} catch (error) {
		throw refused(error);
	}
}

/** SQL's name of a column's type, for those columns that the role may see: a filter must not tell of the others. */
export function selectableType(table: Table): (column: string) => string | undefined {
	return (name) => table.columns.find((column) => column.name === name && column.selectable)?.sqlType;
}

export function rowType({ schema, name }: Table): string {
	return [schema, name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}

function refused(error: unknown): unknown {
	const forClient =
		error instanceof FilterRefused ||
		(error instanceof Error && 'code' in error && /^(22|42)/.test(String(error.code)));
	return forClient ? new ChangesRefused(error.message) : error;
}
