import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { z } from 'zod';
import { migrationsDir, root } from './paths.ts';
import { Refusal } from './ports.ts';

/** Names of the migration files, oldest first. */
export function listMigrations(dir = migrationsDir): string[] {
	if (!fs.existsSync(dir)) return [];
	return fs
		.readdirSync(dir)
		.filter((name) => /^\d{14}_\w+\.sql$/.test(name))
		.sort();
}

/**
 * Brings a database (of the role `postgres`) to the newest migration with the official CLI, which needs neither Docker
 * nor a network for this. The CLI takes 0.7 s even when nothing is pending, so it is asked only when a file is missing
 * from the history that it keeps in the database itself. Returns how many files it applied. Refuses a database that was
 * made by files that are gone, or that were changed since.
 */
export async function migrate(dbUrl: string): Promise<number> {
	const files = new Map(listMigrations().map((name) => [name.slice(0, 14), name]));
	const applied = await appliedMigrations(dbUrl);
	for (const [version, hash] of applied) {
		const name = files.get(version);
		if (name && hash === hashOf(name)) continue;
		throw new Refusal(
			`The data folder was made by other migrations than those in supabase/migrations (${name ?? version} is ` +
				`${name ? 'another' : 'gone'}); start anew with "npm run reset".`
		);
	}
	const pending = [...files.keys()].filter((version) => !applied.has(version));
	if (pending.length === 0) return 0;

	const cli = path.join(root, 'node_modules/.bin/supabase');
	const args = ['migration', 'up', '--include-all', '--workdir', root, '--db-url', `${dbUrl}?sslmode=disable`];
	await promisify(execFile)(cli, args, { env: { ...process.env, ...quiet }, cwd: root }).catch((error) => {
		throw new Error(`The migrations could not be applied.\n${error.stderr || error.message}`);
	});
	await keepHashes(dbUrl, Object.fromEntries([...files].map(([version, name]) => [version, hashOf(name)])));
	return pending.length;
}

const hashOf = (name: string): string =>
	createHash('sha256')
		.update(fs.readFileSync(path.join(migrationsDir, name)))
		.digest('hex');

/** The CLI counts its use and looks for newer versions unless told not to; a start must not wait for either. */
const quiet = { SUPABASE_TELEMETRY_DISABLED: '1', SUPABASE_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };

/** Versions that were applied, with the hash of the file that each was applied from: the history's comment. */
async function appliedMigrations(dbUrl: string): Promise<Map<string, string | undefined>> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		const [{ history, comment }] = await sql<[{ history: string | null; comment: string | null }]>`
			select h.id::text as history, obj_description(h.id, 'pg_class') as comment
			from (select to_regclass('supabase_migrations.schema_migrations') as id) h`;
		if (!history) return new Map();
		const hashes = z.record(z.string(), z.string()).parse(JSON.parse(comment ?? '{}'));
		const rows = await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations`;
		return new Map(rows.map(({ version }) => [version, hashes[version]]));
	} finally {
		await sql.end();
	}
}

async function keepHashes(dbUrl: string, hashes: Record<string, string>): Promise<void> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		await sql`select set_config('prosa.hashes', ${JSON.stringify(hashes)}, false)`;
		await sql`
			do $do$
			begin
				execute format('comment on table supabase_migrations.schema_migrations is %L', current_setting('prosa.hashes'));
			end
			$do$`;
	} finally {
		await sql.end();
	}
}
