import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import postgres from 'postgres';
import type { Postgres } from './start.ts';

const FOLDER = new URL('../schema/', import.meta.url);

/**
 * Gives `database` what a hosted project has before its first migration: runs src/schema/*.sql in name order as the
 * superuser, in one transaction. The files may be run again at any time; when their hash is the one stored in the
 * database nothing happens. They read the login password from the setting `scaffold.password`.
 */
export async function scaffold(server: Postgres, database = 'postgres'): Promise<void> {
	const files = await readSchema();
	const hash = createHash('sha256')
		.update(files.map(({ name, text }) => `${name}\n${text}`).join('\n'))
		.digest('hex');
	const sql = postgres(server.url('supabase_admin', database), { max: 1, onnotice: () => {} });
	try {
		await inTurn(sql, async () => {
			if ((await storedHash(sql)) === hash) return;
			await sql.begin(async (transaction) => {
				await transaction`select set_config('scaffold.password', ${server.password}, true)`;
				for (const { name, text } of files) {
					await transaction.unsafe(text).catch((error: Error) => {
						error.message = `${name}: ${error.message}`;
						throw error;
					});
				}
				await transaction.unsafe(`comment on schema extensions is 'scaffold ${hash}'`);
			});
		});
	} finally {
		await sql.end();
	}
}

async function readSchema(): Promise<{ name: string; text: string }[]> {
	const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
	return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, FOLDER), 'utf8') })));
}

/** Roles belong to the whole server, so two databases must not be scaffolded at once; advisory locks know one database only. */
async function inTurn(sql: postgres.Sql, work: () => Promise<void>): Promise<void> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			const raced = error instanceof postgres.PostgresError && ['23505', 'XX000', '42710'].includes(error.code);
			if (!raced || attempt === 5) throw error;
			await sql`select pg_sleep(${0.1 + Math.random() * 0.2})`;
		}
	}
}

/** Kept as the comment of a schema that every project has, so that a template's copies know it too and nothing is added. */
async function storedHash(sql: postgres.Sql): Promise<string | undefined> {
	const [row] = await sql<{ comment: string | null }[]>`
		select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = 'extensions'`;
	return row?.comment?.replace(/^scaffold /, '');
}
