import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { namesOf } from '../rules/rule.ts';
import { BUCKETS } from './buckets.ts';
import { FUNCTIONS } from './functions.ts';
import { TABLES } from './tables.ts';
import { TOPICS } from './topics.ts';
import { VIEWS } from './views.ts';

const database = useDatabase();
const sorted = (rows: object) => Object.keys(rows).sort();

test('the matrix has a row for every table', async () => {
	const found = await namesOf(
		database.owner,
		`select relname from pg_class
		where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f') and not relispartition`
	);
	expect(sorted(TABLES)).toEqual(found);
});

test('the matrix has a row for every view', async () => {
	const found = await namesOf(
		database.owner,
		`select format('%I.%I', relnamespace::regnamespace, relname) from pg_class
		where relnamespace in ('public'::regnamespace, 'reporting'::regnamespace) and relkind in ('v', 'm')`
	);
	expect(sorted(VIEWS)).toEqual(found);
});

test('the matrix has a row for every function', async () => {
	const found = await namesOf(
		database.owner,
		`select proname from pg_proc where pronamespace = 'public'::regnamespace`
	);
	expect(sorted(FUNCTIONS)).toEqual(found);
});

test('the matrix knows which columns may be written', async () => {
	const found = await namesOf(
		database.owner,
		`select c.relname || '.' || a.attname
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace
			and c.relkind in ('r', 'p', 'v')
			and a.attnum > 0
			and has_column_privilege('authenticated', c.oid, a.attnum, 'update')`
	);
	const written = Object.entries({ ...TABLES, ...VIEWS }).flatMap(([table, row]) =>
		Object.keys(row.updates?.columns ?? {}).map((column) => `${table}.${column}`)
	);
	expect(written.sort()).toEqual(found);
});

test('the matrix has a row for every kind of topic that may be joined', async () => {
	const [source] = await database.owner<
		{ text: string }[]
	>`select string_agg(prosrc, ' ') as text from pg_proc where proname ~ '^may_join'`;
	const words = [...(source?.text ?? '').matchAll(/when '([a-z_]+)'/g)].map(([, word]) => word);
	expect(words.length).toBeGreaterThan(5);
	expect([...new Set(Object.keys(TOPICS).flatMap((kind) => kind.split(':')))].sort()).toEqual(
		[...new Set(words)].sort()
	);
});

test('the matrix has a row for every kind of topic that is broadcast', async () => {
	const found = await namesOf(
		database.owner,
		`select distinct kind.match[1]
		from pg_proc f
		cross join regexp_matches(f.prosrc, '''([a-z]+:)''', 'g') kind (match)
		where f.pronamespace = 'private'::regnamespace
			and f.proname ~ 'broadcast|topics'`
	);
	expect(found.length).toBeGreaterThan(1);
	const known = new Set(Object.keys(TOPICS).map((kind) => `${kind.split(':')[0]}:`));
	expect(found.filter((kind) => !known.has(kind))).toEqual([]);
});

test('the matrix has a row for every bucket', async () => {
	const [storage] = await database.owner<
		{ there: boolean }[]
	>`select to_regclass('storage.buckets') is not null as there`;
	const found = storage?.there ? await namesOf(database.owner, 'select id from storage.buckets') : [];
	expect(sorted(BUCKETS)).toEqual(found);
});

test('a topic that nobody has thought of is heard by nobody', async () => {
	for (const topic of [
		'',
		'conversation:',
		'conversation:1',
		'inbox',
		'inbox::all',
		'inbox:x:all',
		'user:',
		'presence:',
		'all',
		'*'
	]) {
		const [answer] = await database.as('ana', (sql) => sql`select private.may_join(${topic}) as joins`);
		expect(answer?.joins, topic).toBe(false);
	}
});
