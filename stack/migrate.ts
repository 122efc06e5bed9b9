import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
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
 * from the history that it keeps in the database itself. Returns how many files it applied.
 */
export async function migrate(dbUrl: string): Promise<number> {
	const versions = listMigrations().map((name) => name.slice(0, 14));
	const applied = await appliedVersions(dbUrl);
	const pending = versions.filter((version) => !applied.has(version));
	const unknown = [...applied].filter((version) => !versions.includes(version));
	if (unknown.length > 0) {
		throw new Refusal(
			`The data folder was made by other migrations than those in supabase/migrations (${unknown[0]} is gone); ` +
				'start anew with "npm run reset".'
		);
	}
	if (pending.length === 0) return 0;

	const cli = path.join(root, 'node_modules/.bin/supabase');
	const args = ['migration', 'up', '--include-all', '--workdir', root, '--db-url', `${dbUrl}?sslmode=disable`];
	await promisify(execFile)(cli, args, { env: { ...process.env, ...quiet }, cwd: root }).catch((error) => {
		throw new Error(`The migrations could not be applied.\n${error.stderr || error.message}`);
	});
	return pending.length;
}

/** The CLI counts its use and looks for newer versions unless told not to; a start must not wait for either. */
const quiet = { SUPABASE_TELEMETRY_DISABLED: '1', SUPABASE_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };

async function appliedVersions(dbUrl: string): Promise<Set<string>> {
	const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
	try {
		const [{ history }] = await sql<[{ history: string | null }]>`
			select to_regclass('supabase_migrations.schema_migrations')::text as history`;
		if (!history) return new Set();
		const rows = await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations`;
		return new Set(rows.map(({ version }) => version));
	} finally {
		await sql.end();
	}
}
