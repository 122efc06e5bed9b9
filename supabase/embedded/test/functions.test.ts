import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFunctions, type FunctionsService } from '../src/functions/index.ts';
import { startGateway } from '../src/gateway/index.ts';
import { createJwt } from '../src/jwt.ts';
import { loadKeys, type ApiKeys } from '../src/keys.ts';
import { freePort } from '../src/postgres/index.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`functions_fixtures/${name}/index.ts`, import.meta.url));
const NAMES = ['echo', 'broken', 'failing', 'slow', 'silent'];

let folder: string;
let functions: FunctionsService;
let gateway: { close(): Promise<void> };
let keys: ApiKeys;
let url: string;
const logs: string[] = [];

beforeAll(async () => {
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'functions-'));
	process.env['SECRET_OF_THE_PARENT'] = 'not for functions';
	const secret = 'a secret of at least thirty-two characters';
	keys = await loadKeys(folder, secret);
	functions = await createFunctions({
		functions: Object.fromEntries(NAMES.map((name) => [name, fixture(name)])),
		env: { GREETING: 'olá' },
		port: await freePort(),
		cwd: ROOT,
		hidden: [path.join(ROOT, 'supabase/config.toml')],
		log: (line) => void logs.push(line)
	});
	await functions.ready;
	const port = await freePort();
	gateway = await startGateway({ port, jwt: createJwt(secret), keys, services: { functions } });
	url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
	await functions.close();
	await gateway.close();
	await fs.rm(folder, { recursive: true, force: true });
});

const ask = (name: string, init?: RequestInit) => fetch(`${url}/functions/v1/${name}`, init);

describe('a request', () => {
	it('reaches its function as it was sent', async () => {
		const answer = await ask('echo/a%20path?x=1&x=2&apikey=k', {
			method: 'PATCH',
			headers: { 'X-Hub-Signature-256': 'sha256=00', 'x-forwarded-for': '203.0.113.9' },
			body: 'olá'
		});
		expect(answer.status).toBe(201);
		expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
		const told = (await answer.json()) as { url: string; headers: Record<string, string> };
		expect(told).toMatchObject({ method: 'PATCH', length: 4, greeting: 'olá' });
		expect(told.url).toBe(`${url}/echo/a%20path?x=1&x=2&apikey=k`);
		expect(told.headers['x-hub-signature-256']).toBe('sha256=00');
		expect(told.headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, (::ffff:)?127\.0\.0\.1$/);
	});

	it('may carry any bytes, three megabytes of them too, announced or in chunks', async () => {
		const body = randomBytes(3 * 1024 * 1024);
		const sha256 = createHash('sha256').update(body).digest('hex');
		const announced = await ask('echo', { method: 'POST', body });
		expect(await announced.json()).toMatchObject({ length: body.length, sha256 });

		const chunks = new ReadableStream<Uint8Array>({
			start(controller) {
				for (let i = 0; i < body.length; i += 100_000) controller.enqueue(body.subarray(i, i + 100_000));
				controller.close();
			}
		});
		const streamed = await ask('echo', { method: 'POST', body: chunks, duplex: 'half' } as RequestInit);
		expect(await streamed.json()).toMatchObject({ length: body.length, sha256 });
	});

	it('works with supabase-js', async () => {
		const client = createClient(url, keys.publishableKey);
		const { data, error } = await client.functions.invoke<{ length: number }>('echo', { body: { hello: 'world' } });
		expect(error).toBeNull();
		expect(data).toMatchObject({ method: 'POST', length: 17 });
	});

	it('is answered while the function still writes, and a client that hangs up is noticed', async () => {
		const hungUp = async () => Number(await (await ask('slow?hung-up')).text());
		const before = await hungUp();
		const response = await new Promise<http.IncomingMessage>((resolve) =>
			http.get(`${url}/functions/v1/slow`, resolve)
		);
		const first = await new Promise<Buffer>((resolve) => response.once('data', resolve));
		expect(first.toString()).toBe('word ');
		response.destroy();
		await expect.poll(hungUp, { timeout: 5_000 }).toBe(before + 1);
	});
});

describe('a function', () => {
	it('that nobody wrote is answered with 404', async () => {
		const answer = await ask('nothing');
		expect(answer.status).toBe(404);
		expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
		expect((await ask('toString')).status).toBe(404);
	});

	it('that does not load, or serves nothing, is answered with 503 and named in the log', async () => {
		for (const name of ['broken', 'silent']) {
			const answer = await ask(name);
			expect(answer.status).toBe(503);
			expect(await answer.json()).toMatchObject({ code: 'BOOT_ERROR' });
		}
		expect(logs.join('\n')).toContain('function broken failed to start: Error: no database address');
		expect((await ask('echo')).status).toBe(201);
	});

	it('that throws is answered with 500 and harms no other', async () => {
		expect((await ask('failing')).status).toBe(500);
		expect((await ask('echo')).status).toBe(201);
	});

	it('knows only the environment it was given, and may neither write, run programs nor read beyond the project', async () => {
		expect(await (await ask('echo')).json()).toMatchObject({
			secret: null,
			write: 'NotCapable',
			run: 'NotCapable',
			readPasswd: 'NotCapable',
			readHidden: 'NotCapable'
		});
	});
});

it('starts again when Deno dies, and says 503 meanwhile', async () => {
	const { pid } = (await (await ask('echo')).json()) as { pid: number };
	expect(functions.pid).toBe(pid);
	process.kill(pid, 'SIGKILL');
	await expect.poll(() => functions.pid, { timeout: 5_000, interval: 5 }).not.toBe(pid);
	const statuses = new Set<number>();
	await expect
		.poll(
			async () => {
				const answer = await ask('echo', { method: 'POST', body: 'x' });
				statuses.add(answer.status);
				return answer.status;
			},
			{ timeout: 10_000 }
		)
		.toBe(201);
	expect([...statuses].every((status) => status === 201 || status === 503)).toBe(true);
	expect(((await (await ask('echo')).json()) as { pid: number }).pid).not.toBe(pid);
});

it('serves changed code without being told, of what a function imports too, where that is wished', async () => {
	const file = path.join(folder, 'greet', 'index.ts');
	const imported = path.join(folder, 'words', 'word.ts');
	await fs.mkdir(path.dirname(file));
	await fs.mkdir(path.dirname(imported));
	const write = (greeting: string) =>
		fs.writeFile(
			file,
			`import { word } from '../words/word.ts';\nDeno.serve(() => new Response('${greeting} ' + word));`
		);
	await write('hello');
	await fs.writeFile(imported, `export const word = 'you';`);
	const port = await freePort();
	const service = await createFunctions({ functions: { greet: file }, env: {}, port, cwd: folder, reload: true });
	try {
		await service.ready;
		const greet = async () => (await fetch(`http://127.0.0.1:${port}/greet`).catch(() => null))?.text();
		expect(await greet()).toBe('hello you');
		await new Promise((resolve) => setTimeout(resolve, 1_000)); // what it imports is found in the background
		await fs.writeFile(imported, `export const word = 'world';`);
		await expect.poll(greet, { timeout: 10_000 }).toBe('hello world');
		await write('good day');
		await expect.poll(greet, { timeout: 10_000 }).toBe('good day world');
	} finally {
		await service.close();
	}
});

it('ends with its parent, however that ended', async () => {
	const port = await freePort();
	const script = `import { createFunctions } from ${JSON.stringify(new URL('../src/functions/index.ts', import.meta.url).href)};
		const service = await createFunctions({ functions: {}, env: {}, port: ${port}, cwd: ${JSON.stringify(ROOT)} });
		await service.ready;
		console.log('ready');
		setInterval(() => {}, 1000);`;
	const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	await new Promise((resolve) => parent.stdout.once('data', resolve));
	const answers = async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => null))?.status;
	expect(await answers()).toBe(404);
	parent.kill('SIGKILL');
	await expect.poll(answers, { timeout: 5_000 }).toBeUndefined();
});
