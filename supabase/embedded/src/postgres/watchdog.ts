import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * Waits on a pipe that only our process holds open. The system closes it however we end, `kill -9` included, and then
 * the server named by postmaster.pid gets SIGINT, which is Postgres's fast shutdown.
 */
const SCRIPT = 'cat >/dev/null; read -r pid < "$1/postmaster.pid" && kill -INT "$pid"';

/** Stops the server in `dataDir` when this process ends. A session of its own keeps the terminal's Ctrl-C from it. */
export function watch(dataDir: string): { dismiss(): void } {
	const child = spawn('sh', ['-c', SCRIPT, 'postgres-watchdog', dataDir], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore']
	});
	child.unref();
	(child.stdin as Socket).unref();
	child.on('error', () => {}); // no sh (Windows): the server then outlives a killed parent, and the next start attaches
	return {
		dismiss: () => {
			// the whole group: sh and the cat it waits for
			if (child.pid === undefined) return;
			try {
				process.kill(-child.pid, 'SIGKILL');
			} catch {
				// already gone
			}
		}
	};
}
