import pg from 'pg';
import type { Step } from './database/pipeline.ts';
import type { Pool } from './database/pool.ts';
import type { SchemaSource } from './database/schema_source.ts';
import { settingsStep } from './database/settings.ts';
import { fromPostgres, RestError } from './errors.ts';
import { guardedRows, type ResultRow, type Statement } from './plan/statement.ts';
import type { Call } from './request/call.ts';
import { ANONYMOUS } from './request/caller.ts';

/** What every request works with. */
export interface Resources {
	pool: Pool;
	source: SchemaSource;
	schemas: string[];
	maxRows: number;
}

export interface RunOptions {
	readOnly?: boolean;
	put?: boolean;
	settings?: Record<string, string>;
}

/** Runs a statement as the caller: settings, statement and estimate in one round trip. */
export async function run(
	{ pool, source }: Resources,
	call: Call,
	statement: Statement,
	{ readOnly = false, put = false, settings = {} }: RunOptions
): Promise<{ row: ResultRow; estimate: number | null }> {
	const rollback = call.prefer.tx === 'rollback';
	const main: Step[] = [
		settingsStep({
			role: call.role,
			claims: JSON.stringify(call.claims),
			method: call.method,
			path: call.path,
			headers: JSON.stringify(call.headers),
			cookies: JSON.stringify(parseCookies(call.headers.cookie)),
			readOnly,
			schema: call.schema,
			timezone: call.prefer.timezone,
			settings: { ...source.cache.roleSettings(call.role), ...settings }
		}),
		{ text: statement.text, values: statement.values },
		...(statement.estimate ? [statement.estimate] : [])
	];
	const steps = rollback ? [plain('begin'), ...main, plain('set constraints all immediate'), plain('rollback')] : main;
	const at = rollback ? 2 : 1;
	try {
		const results = await pool.run(steps, call.role);
		return { row: results[at]?.[0] ?? [], estimate: statement.estimate ? plannedRows(results[at + 1]?.[0]) : null };
	} catch (error) {
		if (!(error instanceof pg.DatabaseError)) throw error;
		const guarded = error.code === '22P02' ? guardedRows(error.message) : undefined;
		if (guarded === undefined) throw fromPostgres(error, call.role === ANONYMOUS);
		throw guardError(guarded, call, put);
	}
}

function guardError(rows: number, call: Call, put: boolean): RestError {
	const most = call.prefer['max-affected'];
	if (put) return new RestError(400, 'PGRST115', 'Payload values do not match URL in primary key column(s)');
	if (most !== undefined && rows > most)
		return new RestError(400, 'PGRST124', 'Query result exceeds max-affected preference constraint', {
			details: `The query affects ${rows} rows`
		});
	return notSingle(rows);
}

export function notSingle(rows: number): RestError {
	return new RestError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
		details: `The result contains ${rows} rows`
	});
}

function plain(text: string): Step {
	return { text, values: [] };
}

function plannedRows(row: ResultRow | undefined): number {
	const plan = JSON.parse(row?.[0] ?? '[]') as { Plan?: { 'Plan Rows'?: number } }[];
	return plan[0]?.Plan?.['Plan Rows'] ?? 0;
}

function parseCookies(header: string | undefined): Record<string, string> {
	const cookies: Record<string, string> = {};
	for (const pair of (header ?? '').split(';')) {
		const at = pair.indexOf('=');
		if (at > 0) cookies[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
	}
	return cookies;
}
