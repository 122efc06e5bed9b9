import { diff, encodeId, extract, type Delta, type FactBase } from '@supabase/pg-delta';
import pg from 'pg';
import postgres from 'postgres';

/**
 * What differs between two databases, one line a difference; empty when they are the same. The catalogue is compared
 * whole (tables, columns, functions, policies, grants, triggers, publications, Supabase's own schemas included), and
 * so are the rows that come with the schema, such as the permissions of each role.
 */
export async function compareDatabases(from: string, to: string): Promise<string[]> {
	const [before, after] = await Promise.all([readCatalogue(from), readCatalogue(to)]);
	const deltas = diff(before, after);
	const whole = new Set(deltas.flatMap((delta) => ('fact' in delta ? [encodeId(delta.fact.id)] : [])));
	// Of an object that is missing altogether, what it depends on is no news.
	const news = deltas.filter((delta) => !('edge' in delta) || !whole.has(encodeId(delta.edge.from)));
	const catalogue = news.map(describe);
	return [...catalogue, ...(await compareRows(from, to))].sort();
}

/** Everything the catalogue says, in pg-delta's terms. */
export async function readCatalogue(url: string): Promise<FactBase> {
	const pool = new pg.Pool({ connectionString: url, max: 1 });
	try {
		return (await extract(pool)).factBase;
	} finally {
		await pool.end();
	}
}

function describe(delta: Delta): string {
	switch (delta.verb) {
		case 'add':
			return `only in sql/: ${encodeId(delta.fact.id)}`;
		case 'remove':
			return `only in the migrations: ${encodeId(delta.fact.id)}`;
		case 'set':
			return `differs: ${encodeId(delta.id)} (${delta.attr})`;
		case 'link':
			return `only in sql/: ${encodeId(delta.edge.from)} → ${encodeId(delta.edge.to)}`;
		case 'unlink':
			return `only in the migrations: ${encodeId(delta.edge.from)} → ${encodeId(delta.edge.to)}`;
	}
}

async function compareRows(from: string, to: string): Promise<string[]> {
	const [before, after] = await Promise.all([readRows(from), readRows(to)]);
	const tables = [...new Set([...before.keys(), ...after.keys()])];
	return tables
		.filter((table) => before.get(table) !== after.get(table))
		.map((table) => `differs: the rows of ${table}`);
}

/** A digest of each table's rows, but for when they were made. A schema just built holds none but those it came with. */
async function readRows(url: string): Promise<Map<string, string>> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		const tables = await sql<{ name: string }[]>`
			select format('%I.%I', n.nspname, c.relname) as name
			from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			where n.nspname in ('public', 'private', 'reporting', 'storage')
				and c.relkind = 'r'`;
		const digests = new Map<string, string>();
		for (const { name } of tables) {
			const [row] = await sql.unsafe<{ digest: string | null }[]>(
				`select md5(string_agg(line, e'\\n' order by line)) as digest from (select (to_jsonb(t) - array['created_at', 'updated_at'])::text as line from ${name} t) t`
			);
			if (row?.digest) digests.set(name, row.digest);
		}
		return digests;
	} finally {
		await sql.end();
	}
}
