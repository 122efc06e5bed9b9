import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { uuid, type Person } from '../../tests/database/people.ts';
import { freePort, SECRETS_KEY } from '../whatsapp/process.testing.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningFunction {
	/** Everything it has written to its log. */
	log(): string;
	call(
		action: string,
		body: unknown,
		person?: Person | null
	): Promise<{ status: number; body: Record<string, unknown> }>;
	ask(path: string, init: RequestInit): Promise<Response>;
	stop(): Promise<void>;
}

/** A token of the form a person's has; the stand-in for the sign-in service knows it. */
const tokenOf = (person: Person) => `Bearer e30.${Buffer.from(person).toString('base64url')}.sig`;

/** The function in a Deno process of its own, as it runs for real, beside a stand-in for the sign-in service. */
export async function startChannels(databaseUrl: string, graphUrl: string): Promise<RunningFunction> {
	const auth = createServer((request, response) => {
		const [, name] = /^Bearer e30\.([\w-]+)\.sig$/.exec(request.headers.authorization ?? '') ?? [];
		response.writeHead(name ? 200 : 401, { 'content-type': 'application/json' });
		response.end(JSON.stringify(name ? { id: uuid(Buffer.from(name, 'base64url').toString()) } : { code: 401 }));
	}).listen(0, '127.0.0.1');
	await once(auth, 'listening');
	const port = await freePort();
	const flags = ['run', '--cached-only', '--no-remote', '--allow-net', '--allow-env', '--allow-read'];
	const child = spawn(`${root}node_modules/.bin/deno`, [...flags, 'edge-functions/channels/index.ts'], {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
			CHANNELS_DB_URL: databaseUrl,
			SUPABASE_URL: `http://127.0.0.1:${(auth.address() as AddressInfo).port}`,
			SUPABASE_ANON_KEY: 'anon',
			GRAPH_API_URL: graphUrl,
			SECRETS_KEY
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const exited = once(child, 'exit');
	const address = `http://127.0.0.1:${port}`;
	for (;;) {
		if (child.exitCode !== null) throw new Error(`the function ended: ${output}`);
		const up = await fetch(address, { method: 'OPTIONS' }).then(
			() => true,
			() => false
		);
		if (up) break;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	return {
		log: () => output,
		async call(action, body, person = 'ana') {
			const response = await fetch(`${address}/channels/${action}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...(person ? { authorization: tokenOf(person) } : {}) },
				body: JSON.stringify(body)
			});
			return { status: response.status, body: (await response.json()) as Record<string, unknown> };
		},
		ask: (path, init) => fetch(address + path, init),
		async stop() {
			child.kill('SIGKILL');
			await exited;
			auth.close();
		}
	};
}
