import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { uuid, type Person } from '../../tests/database/people.ts';
import { freePort, SECRETS_KEY } from '../whatsapp/process.testing.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Streamed {
	status: number;
	/** As it came. */
	pieces: string[];
	/** What ended it: `done` or `failed` and its data; of a refusal, its body. */
	end: { event: string; data: Record<string, unknown> };
}

export interface RunningAi {
	readonly address: string;
	/** Everything it has written to its log. */
	log(): string;
	ask(body: unknown, person?: Person | null, signal?: AbortSignal): Promise<Streamed>;
	/** The answer before its body was read. */
	post(body: unknown, person: Person | null, signal?: AbortSignal): Promise<Response>;
	stop(): Promise<void>;
}

/** A token of the form a person's has; the stand-in for the sign-in service knows it. */
export const tokenOf = (person: Person, aal = 'aal1'): string =>
	`Bearer e30.${Buffer.from(JSON.stringify({ name: person, aal })).toString('base64url')}.sig`;

/** Stands in for the sign-in service: takes every token that `tokenOf` makes. */
export async function startSignIn(): Promise<{ url: string; close(): void }> {
	const server = createServer((request, response) => {
		const [, payload] = /^Bearer e30\.([\w-]+)\.sig$/.exec(request.headers.authorization ?? '') ?? [];
		const person = payload && (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { name: string });
		response.writeHead(person ? 200 : 401, { 'content-type': 'application/json' });
		response.end(JSON.stringify(person ? { id: uuid(person.name) } : { code: 401 }));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** The function in a Deno process of its own, as it runs for real. */
export async function startAi(
	databaseUrl: string,
	supabaseUrl: string,
	provider: { baseUrl: string; key: string | null },
	env: Record<string, string> = {}
): Promise<RunningAi> {
	const port = await freePort();
	const flags = ['run', '--cached-only', '--no-remote', '--allow-net', '--allow-env', '--allow-read'];
	const child = spawn(`${root}node_modules/.bin/deno`, [...flags, 'edge-functions/ai/index.ts'], {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
			AI_DB_URL: databaseUrl,
			SUPABASE_URL: supabaseUrl,
			SUPABASE_ANON_KEY: 'anon',
			OPENAI_BASE_URL: provider.baseUrl,
			OPENAI_MODEL: 'prosa-simulator',
			...(provider.key === null ? {} : { OPENAI_API_KEY: provider.key }),
			SECRETS_KEY,
			...env
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
	const post = (body: unknown, person: Person | null, signal?: AbortSignal) =>
		fetch(`${address}/ai/assist`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...(person ? { authorization: tokenOf(person) } : {}) },
			body: JSON.stringify(body),
			...(signal ? { signal } : {})
		});
	return {
		address,
		log: () => output,
		post,
		async ask(body, person = 'ana', signal) {
			const response = await post(body, person, signal);
			const text = await response.text();
			if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
				return { status: response.status, pieces: [], end: { event: 'refused', data: JSON.parse(text) } };
			const all = text
				.split('\n\n')
				.filter((one) => one !== '')
				.map((one) => {
					const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(one) ?? [];
					return { event, data: JSON.parse(data) as unknown };
				});
			const end = all.at(-1);
			return {
				status: response.status,
				pieces: all.filter(({ event }) => event === 'piece').map(({ data }) => String(data)),
				end: { event: end?.event ?? '', data: (end?.data ?? {}) as Record<string, unknown> }
			};
		},
		async stop() {
			child.kill('SIGKILL');
			await exited;
		}
	};
}
