import fs from 'node:fs';
import path from 'node:path';

export interface Postmaster {
	pid: number;
	port: number;
	ready: boolean;
}

/** The server that runs on `dataDir` now, read from its postmaster.pid; undefined when there is none. */
export function runningPostmaster(dataDir: string): Postmaster | undefined {
	let lines: string[];
	try {
		lines = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
	} catch {
		return undefined;
	}
	const pid = Number(lines[0]);
	if (!pid || !isPostgresAlive(pid)) return undefined;
	return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process still runs and is a Postgres: after a crash of the machine the number may be another program's. */
export function isPostgresAlive(pid: number): boolean {
	return isAlive(pid) && isPostgres(pid);
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

function isPostgres(pid: number): boolean {
	try {
		return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
	} catch {
		return process.platform !== 'linux';
	}
}
