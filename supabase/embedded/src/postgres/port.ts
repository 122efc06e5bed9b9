import fs from 'node:fs';
import net from 'node:net';

/** Throws, naming the holder where /proc tells, when `port` of the loopback is taken. */
export async function assertPortFree(port: number): Promise<void> {
	const taken = await new Promise<boolean>((resolve, reject) => {
		const probe = net.createServer();
		probe.once('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EADDRINUSE') resolve(true);
			else if (error.code === 'EACCES') reject(new Error(`No permission to open port ${port}.`));
			else reject(error);
		});
		probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(false)));
	});
	if (!taken) return;
	const holder = portHolder(port);
	throw new Error(`Port ${port} is taken${holder ? ` by ${holder}` : ''}.`);
}

/** A port nobody listens on, from the system's own range. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = net.createServer();
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const { port } = probe.address() as net.AddressInfo;
			probe.close(() => resolve(port));
		});
	});
}

/** `postgres (pid 123)`: who listens on a port, as far as Linux lets us see; undefined elsewhere. */
export function portHolder(port: number): string | undefined {
	try {
		const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)));
		for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
			if (openSockets(pid).some((inode) => inodes.has(inode))) {
				return `${fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
			}
		}
	} catch {
		// no /proc: not Linux
	}
	return undefined;
}

const LISTEN = '0A';

function listeningInodes(table: string, port: number): string[] {
	const hex = port.toString(16).toUpperCase().padStart(4, '0');
	return fs
		.readFileSync(`/proc/net/${table}`, 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, address, , state]) => state === LISTEN && address?.endsWith(`:${hex}`))
		.map((fields) => fields[9] ?? '');
}

function openSockets(pid: string): string[] {
	const folder = `/proc/${pid}/fd`;
	try {
		return fs.readdirSync(folder).flatMap((fd) => {
			try {
				return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
			} catch {
				return [];
			}
		});
	} catch {
		return []; // another user's process
	}
}
