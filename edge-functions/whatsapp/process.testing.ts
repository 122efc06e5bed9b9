import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';

export const APP_SECRET = 'the app secret of our own Meta app';
export const VERIFY_TOKEN = 'the verify token of our own Meta app';
export const SECRETS_KEY = `test:${Buffer.alloc(32, 7).toString('base64')}`;

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Answer {
	status: number;
	text: string;
	headers: Headers;
}

export interface RunningDoor {
	address: string;
	/** Posts a body, signed with `secret` (our own app's unless told; null: not signed). */
	post(body: string | Uint8Array<ArrayBuffer>, options?: { secret?: string | null; path?: string }): Promise<Answer>;
	get(path: string): Promise<Answer>;
	stop(): Promise<void>;
}

/** The door in a Deno process of its own, as it runs for real. */
export async function startDoor(databaseUrl: string): Promise<RunningDoor> {
	const port = await freePort();
	const script = 'edge-functions/whatsapp/index.ts';
	const flags = ['run', '--cached-only', '--no-remote', '--allow-net', '--allow-env', '--allow-read', script];
	const child = spawn(`${root}node_modules/.bin/deno`, flags, {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
			SUPABASE_DB_URL: databaseUrl,
			WHATSAPP_APP_SECRET: APP_SECRET,
			WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
			SECRETS_KEY
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const exited = once(child, 'exit');
	const address = `http://127.0.0.1:${port}`;
	await listening(address, () => {
		if (child.exitCode !== null) throw new Error(`the door ended: ${output}`);
	});
	const ask = async (path: string, init: RequestInit): Promise<Answer> => {
		const response = await fetch(address + path, init);
		return { status: response.status, text: await response.text(), headers: response.headers };
	};
	return {
		address,
		post(body, { secret = APP_SECRET, path = '/whatsapp' } = {}) {
			const headers: Record<string, string> = { 'content-type': 'application/json' };
			if (secret !== null) headers['x-hub-signature-256'] = signature(secret, body);
			return ask(path, { method: 'POST', body, headers });
		},
		get: (path) => ask(path, { method: 'GET' }),
		async stop() {
			child.kill('SIGKILL');
			await exited;
		}
	};
}

export function signature(secret: string, body: string | Uint8Array): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

async function listening(address: string, check: () => void): Promise<void> {
	for (;;) {
		check();
		if (
			await fetch(address).then(
				({ body }) => body?.cancel().then(() => true),
				() => false
			)
		)
			return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
}
