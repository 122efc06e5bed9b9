import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * The process that holds this data folder, or null. A pid alone proves nothing once it was given to another process, so
 * the command line must be that of the stack.
 */
export function runningPid(pidFile: string): number | null {
	let pid: number;
	try {
		pid = Number(fs.readFileSync(pidFile, 'utf8').trim());
	} catch {
		return null;
	}
	if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return null;
	return /\bstack[\\/]start\.ts\b/.test(commandLine(pid)) ? pid : null;
}

/** Takes the data folder for this process. False when a live stack has it; a dead one's claim is taken over. */
export function claim(pidFile: string): boolean {
	for (;;) {
		try {
			fs.writeFileSync(pidFile, `${process.pid}\n`, { flag: 'wx' });
			return true;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			if (runningPid(pidFile) !== null) return false;
			fs.rmSync(pidFile, { force: true });
		}
	}
}

/** Asks a running stack to stop and waits until it has. False when it is still there after `patience` milliseconds. */
export async function stopRunning(pid: number, patience: number): Promise<boolean> {
	const deadline = Date.now() + patience;
	try {
		process.kill(pid, 'SIGTERM');
		while (Date.now() < deadline) {
			process.kill(pid, 0);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	} catch {
		return true;
	}
	return false;
}

function commandLine(pid: number): string {
	try {
		if (process.platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
		if (process.platform === 'win32') {
			const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
			return execFileSync('powershell', ['-NoProfile', '-Command', query], { encoding: 'utf8' });
		}
		return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
	} catch {
		return '';
	}
}
