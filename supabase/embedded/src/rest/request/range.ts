import { RestError } from '../errors.ts';
import type { Params } from '../parse/params.ts';

/** Lets a Range header (`0-9`, `10-`) limit the root, within what `limit` and `offset` say. Throws PGRST103 (416). */
export function applyRangeHeader(params: Params, header: string | undefined): void {
	const found = /^(?:items=)?(\d+)-(\d*)$/.exec(header ?? '');
	if (!found) return;
	const first = Number(found[1]);
	const last = found[2] === '' ? undefined : Number(found[2]);
	if (last !== undefined && last < first)
		throw new RestError(416, 'PGRST103', 'Requested range not satisfiable', {
			details: 'The lower boundary must be lower than or equal to the upper boundary in the Range header.'
		});
	const isRoot = ({ path }: { path: string[] }) => path.length === 0;
	if (first > 0 && !params.offsets.some(isRoot)) params.offsets.push({ path: [], what: first });
	if (last !== undefined && !params.limits.some(isRoot)) params.limits.push({ path: [], what: last - first + 1 });
}

/** Status and Content-Range of rows read from `offset` on, when `total` is known or not. */
export function rangeStatus(
	offset: number,
	rows: number,
	total: number | null
): { status: number; contentRange: string } {
	const range = rows > 0 ? `${offset}-${offset + rows - 1}` : '*';
	const contentRange = `${range}/${total ?? '*'}`;
	if (total === null) return { status: 200, contentRange };
	if (offset > total) return { status: 416, contentRange };
	return { status: rows < total ? 206 : 200, contentRange };
}

export function outOfBounds(offset: number, total: number): RestError {
	return new RestError(416, 'PGRST103', 'Requested range not satisfiable', {
		details: `An offset of ${offset} was requested, but there are only ${total} rows.`
	});
}
