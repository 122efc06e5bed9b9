import { RESULT, type ResultRow } from '../plan/statement.ts';
import type { Prefer } from '../request/prefer.ts';

/** How many rows there are in all, as exactly as was asked for; null when nobody asked. */
export function totalOf(row: ResultRow, estimate: number | null, prefer: Prefer, maxRows: number): number | null {
	const counted = row[RESULT.total];
	if (prefer.count === 'planned' && estimate !== null) return estimate;
	if (counted === null || counted === undefined) return null;
	const total = Number(counted);
	return prefer.count === 'estimated' && total > maxRows ? Math.max(total, estimate ?? 0) : total;
}
