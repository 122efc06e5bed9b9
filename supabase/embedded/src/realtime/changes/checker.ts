import pg from 'pg';
import type { ChangeKind, Relation, Tuple } from '../wal/pgoutput.ts';
import { filterSql } from './filter.ts';
import { rowType, selectableType, type Subscription } from './subscription.ts';
import { findTable, type Table } from './table.ts';

/** A change with its rows read. */
export interface Change {
	relation: Relation;
	kind: ChangeKind;
	transactionId: number;
	committedAt: Date;
	new: Tuple | null;
	old: Tuple | null;
	/** Whether `old` holds the replica identity alone. */
	key: boolean;
}

/** A change as its listeners may see it. */
export interface CheckedChange {
	/** The table as each role sees it. */
	tables: Map<string, Table>;
	/** JSON text of the values that are known. */
	record: Map<string, string> | null;
	oldRecord: Map<string, string> | null;
	/** Those it passes to. */
	subscriptions: Subscription[];
}

/** Asks the database, on one connection and in order, who may see a change and how its values read as JSON. */
export interface Checker {
	check(change: Change, subscriptions: Subscription[]): Promise<CheckedChange | null>;
	/** The table was changed: what is known of it no longer holds. */
	forget(relation: number): void;
	close(): Promise<void>;
}

interface Answer {
	columns: string[] | null;
	new_values: string[] | null;
	old_columns: string[] | null;
	old_values: string[] | null;
	passed: boolean[];
	visible: boolean[];
}

/** Long enough for any sane policy; a pattern that would run for ever ends here. */
const SETTINGS = '-c search_path=public,extensions -c statement_timeout=10s -c plan_cache_mode=force_generic_plan';

export function createChecker(url: string): Checker {
	const pool = new pg.Pool({ connectionString: url, max: 1, options: SETTINGS, application_name: 'realtime_changes' });
	pool.on('error', () => {});
	pool.on('connect', (client) => client.on('error', () => {})); // the query that is lost says so
	const tables = new Map<number, Map<string, Table>>();
	const probes = new WeakMap<pg.ClientBase, Map<number, { name: string; table: Table }>>();
	let statements = 0;

	async function tableFor(client: pg.ClientBase, oid: number, role: string): Promise<Table | null> {
		const known = tables.get(oid)?.get(role);
		if (known) return known;
		const table = await findTable(client, role, oid);
		if (!table) return null;
		const byRole = tables.get(oid) ?? new Map<string, Table>();
		tables.set(oid, byRole.set(role, table));
		return table;
	}

	/** A prepared statement that finds a row by its key: planned once for a table, not once for each listener. */
	async function probeFor(client: pg.ClientBase, table: Table): Promise<string> {
		const prepared = probes.get(client) ?? new Map<number, { name: string; table: Table }>();
		probes.set(client, prepared);
		const known = prepared.get(table.oid);
		if (known?.table === table) return known.name;
		if (known) await client.query(`deallocate ${known.name}`);
		const name = `probe_${++statements}`;
		const types = table.primaryKey.map(({ sqlType }) => sqlType).join(', ');
		const match = table.primaryKey.map((column, i) => `${pg.escapeIdentifier(column.name)} = $${i + 1}`).join(' and ');
		await client.query(`prepare ${name}(${types}) as select true from ${rowType(table)} where ${match}`);
		prepared.set(table.oid, { name, table });
		return name;
	}

	return {
		async check(change, subscriptions) {
			const client = await pool.connect();
			let broken = false;
			try {
				const roles = new Map<string, Table>();
				for (const role of new Set(subscriptions.map(({ role }) => role))) {
					const table = await tableFor(client, change.relation.oid, role);
					if (!table) return null;
					roles.set(role, table);
				}
				const [table] = roles.values();
				if (!table) return null;

				const current = valuesOf(change, merged(change));
				const previous = valuesOf(change, previousOf(change, table));
				const filters = filtersOf(subscriptions, roles);
				const guarded = table.rowSecurity && change.kind !== 'DELETE' && table.primaryKey.length > 0;
				const bearers = guarded ? [...new Map(subscriptions.map((s) => [s.claims, s.role]))] : [];
				const keys = table.primaryKey.map(({ name }) => current?.get(name) ?? null);
				const probe = guarded
					? `execute ${await probeFor(client, table)}(${keys.map((key) => (key === null ? 'null' : pg.escapeLiteral(key))).join(', ')})`
					: null;

				const { rows } = await client.query<Answer>({
					name: 'check_change',
					text: 'select * from realtime.check_change($1, $2, $3, $4, $5, $6, $7, $8)',
					values: [
						change.relation.oid,
						change.transactionId,
						toJson(current, table),
						toJson(previous, table),
						[...filters.keys()],
						probe,
						bearers.map(([, role]) => role),
						bearers.map(([claims]) => claims)
					]
				});
				const [answer] = rows;
				if (!answer) return null;

				const passed = new Map([...filters.keys()].map((sql, i) => [sql, answer.passed[i] === true]));
				const visible = new Map(bearers.map(([claims], i) => [claims, answer.visible[i] === true]));
				return {
					tables: roles,
					record: known(answer.columns, answer.new_values, current),
					oldRecord: known(answer.old_columns, answer.old_values, previous),
					subscriptions: subscriptions.filter((subscription) => {
						const filter = [...filters].find(([, users]) => users.has(subscription))?.[0];
						return (filter === undefined || passed.get(filter)) && (!guarded || visible.get(subscription.claims));
					})
				};
			} catch (error) {
				broken = !(error instanceof pg.DatabaseError) || /^(08|57)/.test(error.code ?? '');
				throw error;
			} finally {
				client.release(broken);
			}
		},
		forget: (relation) => void tables.delete(relation),
		close: () => pool.end()
	};
}

type Values = Map<string, string | null>;

function valuesOf({ relation }: Change, tuple: Tuple | null): Values | null {
	if (!tuple) return null;
	const values: Values = new Map();
	relation.columns.forEach((name, i) => {
		const value = tuple[i];
		if (value !== undefined) values.set(name, value);
	});
	return values;
}

/** A large value that did not change is not sent again: with a full replica identity the old row still has it. */
function merged({ new: row, old, key }: Change): Tuple | null {
	return row && old && !key ? row.map((value, i) => (value === undefined ? old[i] : value)) : row;
}

/** The old key is sent only where it changed, but an update's listener always gets it. */
function previousOf({ relation, kind, new: row, old, key }: Change, table: Table): Tuple | null {
	if (old && !key) return old;
	const source = old ?? (kind === 'UPDATE' ? row : null);
	const keys = new Set(table.primaryKey.map(({ name }) => name));
	return (
		source && relation.columns.map((name, i) => (keys.has(name) || (old && source[i] !== null) ? source[i] : undefined))
	);
}

/** The filters in SQL, each with those who use it. */
function filtersOf(subscriptions: Subscription[], tables: Map<string, Table>): Map<string, Set<Subscription>> {
	const filters = new Map<string, Set<Subscription>>();
	for (const subscription of subscriptions) {
		const table = tables.get(subscription.role);
		if (subscription.filter.length === 0 || !table) continue;
		const sql = safely(() => filterSql(subscription.filter, selectableType(table))) ?? 'false';
		filters.set(sql, (filters.get(sql) ?? new Set()).add(subscription));
	}
	return filters;
}

/** A filter on a column that was dropped or may no longer be seen passes nothing. */
function safely(work: () => string): string | null {
	try {
		return work();
	} catch {
		return null;
	}
}

function toJson(values: Values | null, table: Table): string | null {
	if (!values) return null;
	const json = new Set(table.columns.filter((column) => column.json).map(({ name }) => name));
	const fields = [...values].map(
		([name, value]) =>
			`${JSON.stringify(name)}:${value === null ? 'null' : json.has(name) ? value : JSON.stringify(value)}`
	);
	return `{${fields.join(',')}}`;
}

/** Those of the row's values that the stream carried. */
function known(columns: string[] | null, values: string[] | null, sent: Values | null): Map<string, string> | null {
	if (!columns || !values || !sent) return null;
	return new Map(columns.map((name, i) => [name, values[i] ?? 'null'] as const).filter(([name]) => sent.has(name)));
}
