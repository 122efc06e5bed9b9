import { readdir, readFile } from 'node:fs/promises';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { scaffold } from '../../supabase/embedded/src/postgres/index.ts';
import { startTestPostgres } from '../../supabase/embedded/test/embedded.ts';
import { installQueue } from '../../workers/src/install_queue.ts';
import { TEMPLATE } from './database.ts';
import { arrangePeople } from './people.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** `postgresql://USER:PASSWORD@host:port/DATABASE`, with USER and DATABASE to be filled in. */
		serverUrl: string;
	}
}

const SQL = new URL('../../sql/', import.meta.url);

/** Starts one Postgres for all database tests and makes the template each test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const server = await startTestPostgres();
	await makeTemplate(
		(user, database) => server.url(user, database),
		async (name) => scaffold(server, name)
	);
	project.provide('serverUrl', server.url('USER', 'DATABASE'));
	return () => server.stop();
}

async function makeTemplate(
	url: (user: string, database: string) => string,
	scaffoldDatabase: (name: string) => Promise<void>
): Promise<void> {
	const admin = postgres(url('supabase_admin', 'postgres'), { max: 1, onnotice: () => {} });
	await admin`create database ${admin(TEMPLATE)}`;
	await admin.end();
	await scaffoldDatabase(TEMPLATE);

	const owner = postgres(url('postgres', TEMPLATE), { max: 1, onnotice: () => {} });
	await installQueue(url('postgres', TEMPLATE));
	for (const { name, text } of await readSql()) {
		await owner.unsafe(text).catch((error: Error) => {
			error.message = `sql/${name}: ${error.message}`;
			throw error;
		});
	}
	await owner.unsafe(
		"alter role prosa_door password 'postgres'; alter role prosa_worker password 'postgres'; alter role prosa_channels password 'postgres'; alter role prosa_modules password 'postgres'; alter role prosa_ai password 'postgres'"
	);
	await arrangePeople(owner);
	await owner.end();
}

async function readSql(): Promise<{ name: string; text: string }[]> {
	const names = (await readdir(SQL)).filter((name) => name.endsWith('.sql')).sort();
	return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, SQL), 'utf8') })));
}
