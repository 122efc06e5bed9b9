import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries, SERVER_ENV, serverAccount, type Account } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { assertPortFree } from './port.ts';
import { isAlive, isPostgresAlive, runningPostmaster, type Postmaster } from './postmaster.ts';
import { SETTINGS } from './settings.ts';
import { watch } from './watchdog.ts';

export interface PostgresOptions {
	/** The data folder; made when it is missing. */
	dataDir: string;
	port: number;
	/** Of every role that may log in. Default `postgres`. */
	password?: string;
	/** Server settings on top of ours, as `postgres -c name=value`. */
	settings?: Record<string, string>;
}

export interface Postgres {
	readonly pid: number;
	/** Where it listens: a server found running keeps the port it has. */
	readonly port: number;
	/** Whether the server ran already. */
	readonly attached: boolean;
	readonly password: string;
	/** A connection address, by default of role `postgres` to database `postgres`. */
	url(user?: string, database?: string): string;
	/** Stops the server; one that another living process started is left to that process. */
	stop(): Promise<void>;
}

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 15_000;

/**
 * Starts Postgres on `dataDir`, or attaches to the server that runs on it. It listens on the loopback alone and stops
 * with this process, however that ends. Every failure is one sentence that says what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
	const dataDir = path.resolve(options.dataDir);
	const password = options.password ?? 'postgres';
	const launcherFile = path.join(dataDir, 'launcher.pid');

	let server = runningPostmaster(dataDir);
	const attached = server !== undefined;
	const shared = attached && launcherAlive(launcherFile);
	if (!server) {
		const bin = findBinaries();
		const account = serverAccount(dataDir);
		prepareCluster(bin, dataDir, password, account);
		await assertPortFree(options.port);
		fs.writeFileSync(launcherFile, `${process.pid}\n`);
	} else if (!shared) {
		fs.writeFileSync(launcherFile, `${process.pid}\n`); // its launcher is gone: it is ours from here
	}
	const watchdog = shared ? undefined : watch(dataDir);
	if (!server) {
		launch(findBinaries(), dataDir, options.port, { ...SETTINGS, ...options.settings }, serverAccount(dataDir));
	}
	server = await untilReady(dataDir, watchdog);

	const { pid, port } = server;
	return {
		pid,
		port,
		attached,
		password,
		url: (user = 'postgres', database = 'postgres') =>
			`postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
		async stop() {
			if (!watchdog) return;
			watchdog.dismiss();
			await stopServer(dataDir, pid);
			fs.rmSync(launcherFile, { force: true });
		}
	};
}

const logFile = (dataDir: string) => path.join(dataDir, 'server.log');

function launch(
	bin: string,
	dataDir: string,
	port: number,
	settings: Record<string, string>,
	account: Account | undefined
): void {
	const log = fs.openSync(logFile(dataDir), 'w');
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const child = spawn(path.join(bin, 'postgres'), ['-D', dataDir, '-p', String(port), ...flags], {
		...account,
		env: SERVER_ENV,
		detached: true, // Ctrl-C reaches us alone; we stop it in order
		stdio: ['ignore', log, log]
	});
	child.on('error', (error) => fs.appendFileSync(logFile(dataDir), `FATAL:  ${error.message}\n`));
	child.unref();
	fs.closeSync(log);
}

async function untilReady(dataDir: string, watchdog: { dismiss(): void } | undefined): Promise<Postmaster> {
	const deadline = Date.now() + START_TIMEOUT;
	for (;;) {
		const server = runningPostmaster(dataDir);
		if (server?.ready) return server;
		const fatal = server ? undefined : fatalLine(dataDir);
		if (fatal || Date.now() > deadline) {
			watchdog?.dismiss();
			throw new Error(`Postgres did not start: ${fatal ?? 'it took over a minute'} (log: ${logFile(dataDir)})`);
		}
		await sleep(10);
	}
}

function fatalLine(dataDir: string): string | undefined {
	const log = fs.readFileSync(logFile(dataDir), 'utf8');
	return /(?:FATAL|PANIC):\s+(.*)/.exec(log)?.[1] ?? /(?:^|\n)\S*postgres: (.*)/.exec(log)?.[1];
}

async function stopServer(dataDir: string, pid: number): Promise<void> {
	for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
		try {
			process.kill(pid, signal);
		} catch {
			return; // already gone
		}
		const deadline = Date.now() + STOP_TIMEOUT;
		while (Date.now() < deadline) {
			// It removes postmaster.pid a moment before it ends.
			if (!isPostgresAlive(pid)) return;
			await sleep(20);
		}
	}
	throw new Error(`Postgres (pid ${pid}) does not stop.`);
}

function launcherAlive(file: string): boolean {
	try {
		const pid = Number(fs.readFileSync(file, 'utf8'));
		return pid !== process.pid && isAlive(pid);
	} catch {
		return false;
	}
}
