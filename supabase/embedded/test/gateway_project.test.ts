import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded, type Embedded, type EmbeddedOptions } from '../src/index.ts';
import { freePort, portHolder } from '../src/postgres/index.ts';

let folder: string;
let options: EmbeddedOptions;
let project: Embedded;

beforeAll(async () => {
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'rest-project-'));
	await fs.chmod(folder, 0o755);
	const hello = path.join(folder, 'hello.ts');
	await fs.writeFile(
		hello,
		`Deno.serve(() => new Response(Deno.env.get('SUPABASE_URL') + ' ' + Deno.env.get('OWN')));`
	);
	options = {
		dataDir: path.join(folder, 'data'),
		ports: {
			gateway: await freePort(),
			postgres: await freePort(),
			mail: await freePort(),
			functions: await freePort()
		},
		jwtSecret: 'a-secret-for-tests-of-at-least-32-characters',
		siteUrl: 'http://localhost:3000',
		functions: { hello },
		functionsEnv: { OWN: 'mine' },
		functionsCwd: folder
	};
	project = await startEmbedded(options);
});
afterAll(async () => {
	await project.stop();
	await fs.rm(folder, { recursive: true, force: true });
});

const client = (key: string): SupabaseClient => createClient(project.apiUrl, key, { auth: { persistSession: false } });

describe('a whole project in one process', () => {
	it('serves every service to one unmodified client', async () => {
		const sql = postgres(project.dbUrl, { max: 1, onnotice: () => {} });
		await sql.unsafe(`
			create table notes (id int generated always as identity primary key, author uuid default auth.uid() references auth.users, body text);
			alter table notes enable row level security;
			create policy own on notes to authenticated using (author = auth.uid()) with check (author = auth.uid())`);
		await sql.end();

		const person = client(project.publishableKey);
		const { data: signedUp, error } = await person.auth.signUp({
			email: 'ana@example.test',
			password: 'correct-horse-1'
		});
		expect(error).toBeNull();
		await expect.poll(async () => (await person.from('notes').insert({ body: 'mine' })).error).toBeNull();
		expect((await person.from('notes').select('author, body')).data).toEqual([
			{ author: signedUp.user?.id, body: 'mine' }
		]);
		expect((await client(project.anonKey).from('notes').select()).data).toEqual([]);

		const admin = client(project.secretKey);
		expect((await admin.from('notes').select('body')).data).toEqual([{ body: 'mine' }]);
		expect((await admin.storage.createBucket('files')).error).toBeNull();
		expect((await admin.storage.from('files').upload('a.txt', 'hello')).error).toBeNull();
		expect((await person.functions.invoke('hello')).data).toBe(`${project.apiUrl} mine`);

		const status = await new Promise((resolve) => person.channel('room').subscribe((state) => resolve(state)));
		expect(status).toBe('SUBSCRIBED');
		await person.removeAllChannels();
	});

	it('is the same after a restart: keys, people, rows and files', async () => {
		const { anonKey, secretKey } = project;
		await project.stop();
		project = await startEmbedded(options);
		expect(project).toMatchObject({ anonKey, secretKey });
		const person = client(project.anonKey);
		expect(
			(await person.auth.signInWithPassword({ email: 'ana@example.test', password: 'correct-horse-1' })).error
		).toBeNull();
		expect((await person.from('notes').select('body')).data).toEqual([{ body: 'mine' }]);
		const { data: file } = await client(project.secretKey).storage.from('files').download('a.txt');
		expect(await file?.text()).toBe('hello');
	});

	it('leaves nothing running when its process is killed with -9', async () => {
		const ports = {
			gateway: await freePort(),
			postgres: await freePort(),
			mail: await freePort(),
			functions: await freePort()
		};
		const module = new URL('../src/index.ts', import.meta.url).href;
		const own = { ...options, dataDir: path.join(folder, 'killed'), ports };
		const script = `import { startEmbedded } from ${JSON.stringify(module)};
			await startEmbedded(${JSON.stringify(own)});
			console.log('up');`;
		const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
			stdio: ['ignore', 'pipe', 'inherit']
		});
		await once(child.stdout, 'data');
		child.kill('SIGKILL');
		for (const port of Object.values(ports))
			await expect.poll(() => portHolder(port), { timeout: 20_000 }).toBeUndefined();
	});

	it('says in one sentence that its folder cannot be', async () => {
		const file = path.join(folder, 'a-file');
		await fs.writeFile(file, '');
		const ports = {
			gateway: await freePort(),
			postgres: await freePort(),
			mail: await freePort(),
			functions: await freePort()
		};
		await expect(startEmbedded({ ...options, dataDir: path.join(file, 'data'), ports })).rejects.toThrow(
			`${file}/data is not a folder, or lies in something that isn't.`
		);
	});

	it('stops what it started when something cannot start', async () => {
		const ports = { ...options.ports, postgres: await freePort(), mail: await freePort(), functions: await freePort() };
		const failing = startEmbedded({ ...options, dataDir: path.join(folder, 'second'), ports });
		await expect(failing).rejects.toThrow(`Port ${options.ports.gateway} is taken`);
		await expect.poll(() => portHolder(ports.postgres)).toBeUndefined();
	});
});
