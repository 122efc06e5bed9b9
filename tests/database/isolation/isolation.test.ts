import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { rolledBack } from '../rolled_back.ts';
import { arrangeIsolation } from './arrange.ts';
import { BUCKETS } from './buckets.ts';
import { anyDifference, differences, REFUSED, tryAs, type Cell } from './cell.ts';
import { FUNCTIONS } from './functions.ts';
import { functionCells } from './function_cells.ts';
import { EVERYBODY, LABELS } from './names.ts';
import { TABLES } from './tables.ts';
import { tableCells } from './table_cells.ts';
import { TOPICS } from './topics.ts';
import { topicCells } from './topic_cells.ts';
import { VIEWS } from './views.ts';

const database = useDatabase();
let tables: Cell[];
const functions = Object.entries(FUNCTIONS).flatMap(([name, row]) => functionCells(name, row));
const buckets = Object.entries(BUCKETS).flatMap(([name, cells]) => cells(name));
const topics = Object.entries(TOPICS).flatMap(([kind, row]) => topicCells(kind, row));

beforeAll(async () => {
	await arrangeIsolation(database.owner);
	tables = (
		await Promise.all(
			Object.entries({ ...TABLES, ...VIEWS }).map(([name, row]) => tableCells(database.owner, name, row))
		)
	).flat();
});

test('every table holds rows of both companies, so that no cell passes for want of rows', async () => {
	for (const [table, { label }] of Object.entries(TABLES)) {
		const ids = await database.owner.unsafe(`select distinct ${label} from public.${table}`).values();
		const companies = new Set(ids.map(([id]) => LABELS.get(String(id))?.company));
		expect([...companies], table).toEqual(expect.arrayContaining(['padaria', 'oficina']));
	}
});

test('each person sees and writes in every table what the matrix says, and not a row more', async () => {
	await rolledBack(database.owner, async (sql) => expect(await differences(sql, tables)).toEqual([]));
}, 120_000);

test('each person does with every function what the matrix says', async () => {
	await rolledBack(database.owner, async (sql) => expect(await differences(sql, functions)).toEqual([]));
}, 120_000);

test('each person hears and is present where the matrix says, and nobody can forge a message', async () => {
	await rolledBack(database.owner, async (sql) => expect(await differences(sql, topics)).toEqual([]));
}, 120_000);

test('each person lists, reads, uploads and takes back in every bucket what the matrix says', async () => {
	await rolledBack(database.owner, async (sql) => expect(await differences(sql, buckets)).toEqual([]));
});

test('partitions and private tables are closed to everybody', async () => {
	await rolledBack(database.owner, async (sql) => {
		const names = await sql<{ name: string }[]>`
			select format('%I.%I', n.nspname, c.relname) as name
			from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			where c.relkind in ('r', 'p')
				and (n.nspname = 'private' or (n.nspname = 'public' and c.relispartition))`;
		expect(names.length).toBeGreaterThan(10);
		for (const { name } of names) {
			for (const somebody of EVERYBODY) {
				const outcome = await tryAs(sql, somebody, () => sql.unsafe(`select from ${name}`).then(() => 'seen'));
				expect(outcome, `${somebody.name} and ${name}`).toBe(REFUSED);
			}
		}
	});
});

describe('the matrix notices when', async () => {
	const policies = () => database.owner<{ name: string; object: string; command: string }[]>`
		select p.policyname as name, format('%I.%I', p.schemaname, p.tablename) as object, p.cmd as command
		from pg_policies p
		where p.schemaname = 'public'
			or (p.schemaname, p.tablename) in (('realtime', 'messages'), ('storage', 'objects'), ('storage', 'buckets'))
		order by 2, 1`;

	/** Those of the object itself first: the first difference ends the search. */
	const cellsFor = (object: string) => {
		const all = [...tables, ...topics, ...buckets];
		return [...all.filter((cell) => cell.object === object), ...all.filter((cell) => cell.object !== object)];
	};

	async function unnoticed(
		change: (policy: { name: string; object: string; command: string }) => string
	): Promise<string[]> {
		const missed: string[] = [];
		for (const policy of await policies()) {
			await rolledBack(database.owner, async (sql) => {
				await sql.unsafe(change(policy));
				if (!(await anyDifference(sql, cellsFor(policy.object)))) missed.push(`${policy.object} ${policy.name}`);
			});
		}
		return missed;
	}

	test('any one policy is removed', async () => {
		expect((await policies()).length).toBeGreaterThan(20);
		expect(await unnoticed(({ name, object }) => `drop policy ${name} on ${object}`)).toEqual([]);
	});

	test('any one policy lets everybody through', async () => {
		const open = {
			SELECT: 'using (true)',
			UPDATE: 'using (true) with check (true)',
			INSERT: 'with check (true)',
			DELETE: 'using (true)'
		};
		expect(
			await unnoticed(
				({ name, object, command }) => `alter policy ${name} on ${object} ${open[command as keyof typeof open]}`
			)
		).toEqual([]);
	});

	test('row security is switched off on any one table', async () => {
		const missed: string[] = [];
		for (const table of Object.keys(TABLES)) {
			await rolledBack(database.owner, async (sql) => {
				await sql.unsafe(`alter table public.${table} disable row level security`);
				if (!(await anyDifference(sql, cellsFor(`public.${table}`)))) missed.push(table);
			});
		}
		expect(missed).toEqual([]);
	});
});
