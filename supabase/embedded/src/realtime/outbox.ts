import type { Duplex } from 'node:stream';

const corked = new Set<Duplex>();

/**
 * Writes now, but lets everything written to a socket in this turn of the event loop leave with one system call: a
 * webhook with ten messages is ten frames and one write for each of two hundred readers.
 */
export function writeTogether(socket: Duplex, frame: Buffer): void {
	if (!corked.has(socket)) {
		if (corked.size === 0) process.nextTick(flush);
		corked.add(socket);
		socket.cork();
	}
	socket.write(frame);
}

function flush(): void {
	for (const socket of corked) socket.uncork();
	corked.clear();
}
