import postgres from 'postgres';
import type { Transaction } from '../database.ts';
import { claimsOf } from '../people.ts';
import type { Somebody } from './names.ts';

/** One question of the matrix: what becomes of this act of this person on this object. */
export interface Cell {
	/** The object, as the catalogue names it. */
	object: string;
	/** `caio selects messages` */
	name: string;
	expected: string;
	ask(sql: Transaction): Promise<string>;
}

export const REFUSED = 'refused';

/**
 * Runs `act` as somebody and undoes it. Gives what `act` gives; `refused` where the privilege or a policy is missing;
 * the error's message otherwise.
 */
export async function tryAs(
	sql: Transaction,
	somebody: Somebody,
	act: (sql: Transaction) => Promise<string>,
	settings: Record<string, string> = {}
): Promise<string> {
	const role = somebody.name === 'visitor' ? 'anon' : 'authenticated';
	const claims = somebody.name === 'visitor' ? { role } : claimsOf(somebody.name);
	const set = Object.entries({ ...settings, 'request.jwt.claims': JSON.stringify(claims) }).map(
		([name, value]) => `set local "${name}" = '${value.replaceAll("'", "''")}'`
	);
	await sql.unsafe(`savepoint cell; ${set.join('; ')}; set local role ${role}`);
	try {
		return await act(sql);
	} catch (error) {
		if (!(error instanceof postgres.PostgresError)) throw error;
		return error.code === '42501' ? REFUSED : error.message;
	} finally {
		await sql.unsafe('rollback to savepoint cell; release savepoint cell');
	}
}

/** The cells that come out otherwise than the matrix says. */
export async function differences(sql: Transaction, cells: readonly Cell[]): Promise<string[]> {
	const found: string[] = [];
	for (const cell of cells) {
		const actual = await cell.ask(sql);
		if (actual !== cell.expected) found.push(`${cell.name}: ${actual}, not ${cell.expected}`);
	}
	return found;
}

/** Whether any cell comes out otherwise; stops at the first. */
export async function anyDifference(sql: Transaction, cells: readonly Cell[]): Promise<boolean> {
	for (const cell of cells) {
		if ((await cell.ask(sql)) !== cell.expected) return true;
	}
	return false;
}
