import { RestError } from '../errors.ts';
import type { KeyRelationship, Relationship } from '../cache/relationships.ts';
import type { Relation, SchemaCache } from '../cache/schema_cache.ts';
import { closest } from './closest.ts';

/**
 * The relationship that `target!hint` means when embedded in `source`. A target is a table or view, a function of the
 * row, a foreign key or its column; a hint is a key, a column on either side or a junction.
 * Throws PGRST200 when there is none and PGRST201 (300) when there are several.
 */
export function findRelationship(
	cache: SchemaCache,
	source: Relation,
	target: string,
	hint: string | undefined
): Relationship {
	const all = cache
		.relationships(source)
		.filter((one) => one.target.schema === source.schema && !hiddenJunction(one, source));
	const computed = all.filter((one) => one.kind === 'computed' && one.name === target);
	const found =
		computed.length > 0 ? computed : all.filter((one) => one.kind !== 'computed' && matches(one, target, hint));
	const [only, ...others] = found;
	if (!only) throw noRelationship(cache, source, target, hint);
	if (others.length > 0) throw ambiguous(source, target, found);
	return only;
}

function hiddenJunction(one: Relationship, source: Relation): boolean {
	return one.kind === 'many-to-many' && one.junction.schema !== source.schema;
}

function matches(one: Exclude<Relationship, { kind: 'computed' }>, target: string, hint: string | undefined): boolean {
	if (one.self && one.kind !== 'many-to-many') return matchesSelf(one, target, hint);
	if (hint !== undefined) return one.target.name === target && matchesHint(one, hint);
	if (one.target.name === target) return true;
	if (one.kind === 'many-to-many' || one.target.isView) return false;
	return one.constraint === target || singleColumn(one, 0) === target;
}

/** One key makes two relationships of a table with itself: its name means the many, the column means the one. */
function matchesSelf(one: KeyRelationship, target: string, hint: string | undefined): boolean {
	const toMany = one.kind === 'one-to-many' && one.target.name === target;
	if (hint === undefined)
		return toMany || (one.kind === 'many-to-one' && (singleColumn(one, 0) === target || one.constraint === target));
	if (one.target.name !== target) return false;
	// by the referencing column or the key's name the many are meant; by the referenced column, the one
	if (toMany) return singleColumn(one, 1) === hint || one.constraint === hint;
	return one.kind === 'many-to-one' && singleColumn(one, 1) === hint;
}

function matchesHint(one: Exclude<Relationship, { kind: 'computed' }>, hint: string): boolean {
	if (one.kind === 'many-to-many') return one.junction.name === hint;
	return one.constraint === hint || singleColumn(one, 0) === hint || singleColumn(one, 1) === hint;
}

/** The one column of a key, on this side (0) or the other (1). */
function singleColumn(one: KeyRelationship, side: 0 | 1): string | undefined {
	return one.columns.length === 1 ? one.columns[0]?.[side] : undefined;
}

function noRelationship(cache: SchemaCache, source: Relation, target: string, hint: string | undefined): RestError {
	const using = hint === undefined ? '' : ` using the hint '${hint}'`;
	const names = cache.relationships(source).map((one) => (one.kind === 'computed' ? one.name : one.target.name));
	const near = closest(
		target,
		names.filter((name) => name !== target)
	);
	return new RestError(
		400,
		'PGRST200',
		`Could not find a relationship between '${source.name}' and '${target}' in the schema cache`,
		{
			details: `Searched for a foreign key relationship between '${source.name}' and '${target}'${using} in the schema '${source.schema}', but no matches were found.`,
			hint: near === undefined ? null : `Perhaps you meant '${near}' instead of '${target}'.`
		}
	);
}

function ambiguous(source: Relation, target: string, found: Relationship[]): RestError {
	const hints = found.map((one) => `'${target}!${hintOf(one)}'`);
	return new RestError(
		300,
		'PGRST201',
		`Could not embed because more than one relationship was found for '${source.name}' and '${target}'`,
		{
			details: found.map((one) => ({
				cardinality: one.kind,
				relationship: describe(one),
				embedding: `${source.name} with ${one.target.name}`
			})),
			hint: `Try changing '${target}' to one of the following: ${hints.join(', ')}. Find the desired relationship in the 'details' key.`
		}
	);
}

function hintOf(one: Relationship): string {
	if (one.kind === 'computed') return one.name;
	return one.kind === 'many-to-many' ? one.junction.name : one.constraint;
}

function describe(one: Relationship): string {
	const list = (columns: string[]) => `(${columns.join(', ')})`;
	if (one.kind === 'computed') return one.name;
	if (one.kind === 'many-to-many') {
		const [first, second] = one.constraints;
		const here = list(one.sourceColumns.map(([, column]) => column));
		const there = list(one.targetColumns.map(([column]) => column));
		return `${one.junction.name} using ${first}${here} and ${second}${there}`;
	}
	const here = list(one.columns.map(([column]) => column));
	const there = list(one.columns.map(([, column]) => column));
	return `${one.constraint} using ${one.source.name}${here} and ${one.target.name}${there}`;
}
