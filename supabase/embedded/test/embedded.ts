import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { freePort, scaffold, startPostgres, type Postgres } from '../src/postgres/index.ts';

/** Fast and forgetful: a test's folder is thrown away. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

export interface TestPostgres extends Postgres {
	/** The folder of this test, also for files of its own. */
	readonly folder: string;
	/** Stops the server and removes the folder. */
	stop(): Promise<void>;
}

/** A Postgres of this test's own, scaffolded like a hosted project, on a free port in a temporary folder. */
export async function startTestPostgres(): Promise<TestPostgres> {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'embedded-'));
	await fs.chmod(folder, 0o755); // as root the server runs as another user
	const server = await startPostgres({
		dataDir: path.join(folder, 'postgres'),
		port: await freePort(),
		settings: SETTINGS
	});
	await scaffold(server);
	return {
		...server,
		folder,
		async stop() {
			await server.stop();
			await fs.rm(folder, { recursive: true, force: true });
		}
	};
}
