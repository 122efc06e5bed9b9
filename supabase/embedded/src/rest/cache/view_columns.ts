import type { ViewRow } from './catalogue.ts';

/** A column of a view and the column it shows. */
export interface ViewColumn {
	number: number;
	sourceRelation: number;
	sourceColumn: number;
}

/**
 * Which columns of each view are plain columns of a table, through any depth of views.
 * Returns, by view, its columns with the table's.
 */
export function traceViews(views: ViewRow[]): Map<number, ViewColumn[]> {
	const direct = new Map(views.map(({ oid, definition }) => [oid, readTargets(definition)]));
	const traced = new Map<number, ViewColumn[]>();

	function trace(view: number, columns: ViewColumn[]): ViewColumn[] {
		const known = traced.get(view);
		if (known) return known;
		const result = columns.flatMap((column) => {
			const inner = direct.get(column.sourceRelation);
			if (!inner) return [column];
			return trace(column.sourceRelation, inner)
				.filter(({ number }) => number === column.sourceColumn)
				.map((source) => ({ ...source, number: column.number }));
		});
		traced.set(view, result);
		return result;
	}

	for (const [view, columns] of direct) trace(view, columns);
	return traced;
}

/**
 * Reads the target list of a view's outermost query. Postgres notes there for each column where it comes from
 * (`resorigtbl`, `resorigcol`), which `information_schema.view_column_usage` loses for renamed columns. Braces nest as
 * nodes do; the outermost query's targets stand at depth 2.
 */
export function readTargets(definition: string): ViewColumn[] {
	const columns: ViewColumn[] = [];
	let depth = 0;
	let target = -1;
	for (let i = 0; i < definition.length; i++) {
		const char = definition[i];
		if (char === '\\') i++;
		else if (char === '{') {
			depth++;
			if (depth === 2 && definition.startsWith('{TARGETENTRY ', i)) target = i;
		} else if (char === '}') {
			if (depth === 2 && target >= 0) {
				columns.push(...readTarget(definition.slice(target, i)));
				target = -1;
			}
			depth--;
		}
	}
	return columns;
}

const TARGET_TAIL =
	/:resno (\d+) :resname (?:\S|\\ )+ :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+) :resjunk false$/;

function readTarget(entry: string): ViewColumn[] {
	const found = TARGET_TAIL.exec(entry);
	if (!found || found[2] === '0') return [];
	return [{ number: Number(found[1]), sourceRelation: Number(found[2]), sourceColumn: Number(found[3]) }];
}
