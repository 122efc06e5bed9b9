import type { ColumnRow } from '../cache/catalogue.ts';
import type { Relation } from '../cache/schema_cache.ts';
import { RestError } from '../errors.ts';
import type { Payload } from '../request/payload.ts';
import { identifier, qualified, type Values } from '../quoting.ts';
import { conditionsSql } from './conditions.ts';
import { jsonBody, jsonBodyWithDefaults } from './json_source.ts';
import type { ReadNode } from './read_tree.ts';

type JsonPayload = Extract<Payload, { kind: 'json' }>;

export interface MutationOptions {
	relation: Relation;
	/** Holds the conditions of an update or delete. */
	root: ReadNode;
	/** What must come out for the answer; empty when nobody looks. */
	returning: string[];
	missingDefault: boolean;
}

export interface ConflictTarget {
	columns: string[];
	resolution: 'merge-duplicates' | 'ignore-duplicates';
}

/** Counts inserted rows against updated ones, so that an upsert can say which it was. */
const COUNTER = `coalesce(nullif(current_setting('pgrst.inserted', true), '')::int, 0)`;
const COUNT_INSERT = `set_config('pgrst.inserted', (${COUNTER} + 1)::text, true) <> '0'`;
const COUNT_UPDATE = `set_config('pgrst.inserted', (${COUNTER} - 1)::text, true) <> '-1'`;

export function insertSql(
	options: MutationOptions,
	payload: JsonPayload,
	conflict: ConflictTarget | undefined,
	values: Values
): string {
	const { relation } = options;
	const columns = knownColumns(relation, payload.keys);
	const names = columns.map(({ name }) => identifier(name));
	const into = `insert into ${target(relation)}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
	const end = `${conflict ? `${conflictSql(conflict, names)} ` : ''}${returningSql(options)}`;
	if (names.length === 0 && !payload.isArray) return `${into} default values ${end}`;

	const body = (options.missingDefault ? jsonBodyWithDefaults : jsonBody)(
		payload.raw,
		payload.isArray,
		columns,
		values
	);
	const counts = conflict?.resolution === 'merge-duplicates' && names.length > 0 ? `where ${COUNT_INSERT} ` : '';
	return `${into} select ${names.map((name) => `pgrst_body.${name}`).join(', ')} from ${body} ${counts}${end}`;
}

function conflictSql(conflict: ConflictTarget, names: string[]): string {
	const on = `on conflict (${conflict.columns.map(identifier).join(', ')})`;
	if (conflict.resolution === 'ignore-duplicates' || names.length === 0) return `${on} do nothing`;
	return `${on} do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')} where ${COUNT_UPDATE}`;
}

/** PUT: one row, under the key that the filters name, made or replaced. */
export function putSql(options: MutationOptions, payload: JsonPayload, values: Values): string {
	const { relation, root } = options;
	const columns = knownColumns(relation, payload.keys);
	const names = columns.map(({ name }) => identifier(name));
	const body = jsonBody(payload.raw, payload.isArray, columns, values);
	const matches = conditionsSql({ ...root, alias: 'pgrst_body' }, values);
	return [
		`insert into ${target(relation)} (${names.join(', ')})`,
		`select ${names.map((name) => `pgrst_body.${name}`).join(', ')} from ${body} where ${matches} and ${COUNT_INSERT}`,
		conflictSql({ columns: relation.primaryKey, resolution: 'merge-duplicates' }, names),
		returningSql(options)
	].join(' ');
}

export function updateSql(options: MutationOptions, payload: JsonPayload, values: Values): string {
	const { relation, root } = options;
	const columns = knownColumns(relation, payload.keys);
	const alias = identifier(root.alias);
	if (columns.length === 0) {
		const shown = options.returning.map((name) => (name === '*' ? `${alias}.*` : `${alias}.${identifier(name)}`));
		return `select ${shown.join(', ')} from ${target(relation)} where false`;
	}
	const body = (options.missingDefault ? jsonBodyWithDefaults : jsonBody)(
		payload.raw,
		payload.isArray,
		columns,
		values,
		{
			limitOne: true
		}
	);
	const conditions = conditionsSql(root, values);
	return [
		`update ${target(relation)}`,
		`set ${columns.map(({ name }) => `${identifier(name)} = pgrst_body.${identifier(name)}`).join(', ')}`,
		`from ${body}`,
		conditions ? `where ${conditions}` : '',
		returningSql(options)
	].join(' ');
}

export function deleteSql(options: MutationOptions, values: Values): string {
	const conditions = conditionsSql(options.root, values);
	return [
		`delete from ${target(options.relation)}`,
		conditions ? `where ${conditions}` : '',
		returningSql(options)
	].join(' ');
}

function target(relation: Relation): string {
	return `${qualified(relation.schema, relation.name)} as ${identifier(relation.name)}`;
}

/** Only the columns asked for: `returning *` would need the right to read them all. */
function returningSql({ returning, root }: MutationOptions): string {
	if (returning.length === 0) return 'returning 1';
	const alias = identifier(root.alias);
	return `returning ${returning.map((name) => (name === '*' ? `${alias}.*` : `${alias}.${identifier(name)}`)).join(', ')}`;
}

function knownColumns(relation: Relation, names: string[]): ColumnRow[] {
	return names.map((name) => {
		const column = relation.columns.get(name);
		if (column) return column;
		throw new RestError(
			400,
			'PGRST204',
			`Could not find the '${name}' column of '${relation.name}' in the schema cache`
		);
	});
}

/** The columns of a changed row that the answer and its embeds need. */
export function neededColumns(root: ReadNode, key: string[]): string[] {
	const needed = new Set(root.fields.map(({ field }) => field.name));
	if (needed.has('*')) {
		// computed columns are not among `*`
		return ['*', ...[...needed].filter((name) => name !== '*' && !root.relation?.columns.has(name))];
	}
	for (const { relationship } of root.children) {
		if (relationship.kind === 'computed') return ['*'];
		const pairs = relationship.kind === 'many-to-many' ? relationship.sourceColumns : relationship.columns;
		for (const [here] of pairs) needed.add(here);
	}
	for (const name of key) needed.add(name);
	return [...needed];
}
