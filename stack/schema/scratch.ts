import { freePort, scaffold, startPostgres, type Postgres } from '@prosa/supabase-embedded/postgres/index.ts';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { installQueue } from '../../workers/src/install_queue.ts';
import { migrate } from '../migrate.ts';
import { readSqlFiles } from './sql_files.ts';

/** Fast and forgetful: the folder is thrown away. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

/** A Postgres that lives for one piece of work, in a temporary folder. */
export interface Scratch {
	/** A new database made by `sql/`; its address as `postgres`. */
	fromSql(): Promise<string>;
	/** A new database made by the official CLI from `supabase/migrations`; its address as `postgres`. */
	fromMigrations(): Promise<string>;
}

export async function withScratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'prosa-schema-'));
	await fs.chmod(folder, 0o755); // as root the server runs as another user
	const server = await startPostgres({
		dataDir: path.join(folder, 'postgres'),
		port: await freePort(),
		settings: SETTINGS
	});
	let made = 0;
	try {
		return await work({
			async fromSql() {
				const url = await createDatabase(server, `from_sql_${++made}`);
				await applySql(url);
				return url;
			},
			async fromMigrations() {
				const url = await createDatabase(server, `from_migrations_${++made}`);
				await migrate(url);
				return url;
			}
		});
	} finally {
		await server.stop();
		await fs.rm(folder, { recursive: true, force: true });
	}
}

async function createDatabase(server: Postgres, name: string): Promise<string> {
	const admin = postgres(server.url('supabase_admin'), { max: 1, onnotice: () => {} });
	await admin`create database ${admin(name)}`;
	await admin.end();
	await scaffold(server, name);
	const url = server.url('postgres', name);
	await installQueue(url);
	return url;
}

/** Runs `sql/` in order. A fault names its file. */
export async function applySql(url: string): Promise<void> {
	const sql = postgres(url, { max: 1, onnotice: () => {} });
	try {
		for (const { name, text } of readSqlFiles()) {
			await sql.unsafe(text).catch((error: Error) => {
				error.message = `sql/${name}: ${error.message}`;
				throw error;
			});
		}
	} finally {
		await sql.end();
	}
}
