import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { useProjectNode } from './node_version.ts';
import { dataPaths, root } from './paths.ts';
import { explainFolder } from './preflight.ts';
import { runningPid, stopRunning } from './running.ts';

const PATIENCE_MS = 40_000;

/** Wipes the data folder; a stack that runs on it is stopped first. */
async function main(): Promise<void> {
	useProjectNode();
	const paths = dataPaths(process.env);
	if (!fs.existsSync(paths.dir)) return console.log('There is nothing to reset.');
	if (!isOurs(paths.dir)) {
		console.error(`${paths.dir} does not look like a data folder of Prosa; nothing was removed.`);
		process.exit(1);
	}

	const pid = runningPid(paths.pid);
	if (pid !== null) {
		console.log(`Stopping the running stack (process ${pid}) …`);
		if (!(await stopRunning(pid, PATIENCE_MS))) {
			console.error(`Process ${pid} does not stop; nothing was removed.`);
			process.exit(1);
		}
	}
	await postgresGone(path.join(paths.supabase, 'postgres/postmaster.pid'));
	fs.rmSync(paths.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
	console.log(`Removed ${path.relative(root, paths.dir)}. The next "npm start" begins anew.`);
}

/** A stack that was killed a moment ago has a Postgres that is still writing its last. */
async function postgresGone(pidFile: string): Promise<void> {
	for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await wait(50)) {
		try {
			process.kill(Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]), 0);
		} catch {
			return;
		}
	}
	throw new Error(`The Postgres of this data folder does not stop; nothing was removed (${pidFile}).`);
}

/** DATA_DIR may have been mistyped: a folder that holds anything but what a start makes is left alone. */
function isOurs(dir: string): boolean {
	const made = ['supabase', 'whatsapp', 'logs', 'secrets.json', 'stack.json', 'stack.pid'];
	return fs.readdirSync(dir).every((name) => made.includes(name) || name.startsWith('stack.json.'));
}

main().catch((error: NodeJS.ErrnoException) => {
	console.error(error.code ? explainFolder(dataPaths(process.env).dir, error) : error.message);
	process.exit(1);
});
