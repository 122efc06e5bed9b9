import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describePort, portNames, Refusal, type Ports } from './ports.ts';
import type { Paths } from './paths.ts';

/** Makes the folders of an installation. A Refusal says in one sentence why that can't be. */
export function makeFolders(paths: Paths): void {
	try {
		// Asked first, because a recursive mkdir on a read-only file system says ENOENT.
		fs.accessSync(existingPart(paths.dir), fs.constants.W_OK);
		for (const folder of [paths.dir, paths.logs]) fs.mkdirSync(folder, { recursive: true });
		const probe = `${paths.dir}/.writable-${process.pid}`;
		fs.writeFileSync(probe, '');
		fs.rmSync(probe);
	} catch (error) {
		throw new Refusal(explainFolder(paths.dir, error as NodeJS.ErrnoException));
	}
}

function existingPart(folder: string): string {
	return fs.existsSync(folder) ? folder : existingPart(path.dirname(folder));
}

export function explainFolder(folder: string, { code, message }: NodeJS.ErrnoException): string {
	const way = 'set DATA_DIR to a folder that can';
	if (code === 'EROFS') return `${folder} lies on a read-only file system and cannot hold the data; ${way}.`;
	if (code === 'EACCES' || code === 'EPERM') {
		return `${folder} cannot be written by this user; change its owner, or ${way}.`;
	}
	if (code === 'ENOSPC') return `The disk that holds ${folder} is full.`;
	if (code === 'ENOTDIR' || code === 'EEXIST')
		return `${folder} is a file where a folder is needed; remove it, or ${way}.`;
	return `${folder} cannot hold the data: ${message}.`;
}

/**
 * Refuses when a port is taken, naming the port, what it is for and the variable that moves it. `patience` milliseconds
 * are given to what a killed stack left behind and is going away.
 */
export async function checkPorts(ports: Ports, skip: ReadonlySet<string>, patience: number): Promise<void> {
	const deadline = Date.now() + patience;
	for (const name of portNames) {
		if (skip.has(name)) continue;
		const port = ports[name];
		let code = await tryPort(port);
		while (code === 'EADDRINUSE' && Date.now() < deadline) {
			await new Promise((resolve) => setTimeout(resolve, 100));
			code = await tryPort(port);
		}
		if (code) throw new Refusal(explainPort(name, port, code));
	}
}

export function explainPort(name: keyof Ports, port: number, code: string): string {
	const { purpose, env } = describePort(name);
	if (code === 'EACCES')
		return `This user may not listen on port ${port} (${purpose}); set ${env} to a port above 1023.`;
	const way = `stop what listens there, set ${env} to another port, or shift all ports with PORT_OFFSET`;
	if (code === 'EADDRINUSE') return `Port ${port}, needed for ${purpose}, is taken: ${way}.`;
	return `Port ${port}, needed for ${purpose}, cannot be opened (${code}).`;
}

/** Null when the port is free, else the error's code. Looks on both loopback addresses where there are two. */
async function tryPort(port: number): Promise<string | null> {
	for (const host of ['127.0.0.1', '::1']) {
		const code = await new Promise<string | null>((resolve) => {
			const server = net.createServer();
			server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
			server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
		});
		if (code && code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') return code;
	}
	return null;
}
