import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestStack, type Started, type TestStack } from './run.testing.ts';

/*
 * One stack lives through these tests in order, as it does on a person's machine: started, killed, started again, stopped.
 */

let stack: TestStack;
let started: Started | undefined;

beforeAll(async () => {
	stack = await createTestStack();
	started = await stack.start();
}, 120_000);

afterAll(async () => {
	started?.process.kill('SIGTERM');
	await started?.ended;
	stack.remove();
}, 60_000);

const facts = () => JSON.parse(fs.readFileSync(path.join(stack.dataDir, 'stack.json'), 'utf8'));
const until = (what: () => void | Promise<void>, timeout: number) => vi.waitFor(what, { timeout, interval: 50 });

test('a start leaves its facts in a file that its owner alone can read', () => {
	expect(Object.keys(facts())).toEqual([
		'api_url',
		'db_url',
		'anon_key',
		'service_role_key',
		'jwt_secret',
		'web_url',
		'mail_url',
		'whatsapp',
		'model',
		'sgp',
		'users'
	]);
	expect(Object.keys(facts().whatsapp)).toEqual([
		'webhook_url',
		'app_secret',
		'verify_token',
		'graph_url',
		'phone_number_id'
	]);
	expect(facts().users).toHaveLength(10);
	expect(facts().users[0]).toEqual({
		email: 'ana@padaria.test',
		password: 'demo-prosa',
		role: 'admin',
		tenant: 'padaria'
	});
	expect(fs.statSync(path.join(stack.dataDir, 'stack.json')).mode & 0o077).toBe(0);
});

test('the table shows where everything is and who can sign in', () => {
	const { web_url, mail_url, whatsapp, users } = facts();
	for (const shown of [web_url, mail_url, whatsapp.graph_url, users[9].email, 'demo-prosa']) {
		expect(started?.output()).toContain(shown);
	}
});

test('the web, the mailbox and the simulator answer, and Ana can sign in', async () => {
	const { web_url, mail_url, api_url, anon_key, whatsapp, model, sgp } = facts();
	for (const url of [web_url, mail_url, whatsapp.graph_url, sgp.url]) expect((await fetch(url)).status, url).toBe(200);
	const models = await fetch(`${model.base_url}/models`, { headers: { authorization: `Bearer ${model.api_key}` } });
	expect(await models.json()).toMatchObject({ data: [{ id: 'prosa-simulator' }, {}, {}] });
	const response = await fetch(`${api_url}/auth/v1/token?grant_type=password`, {
		method: 'POST',
		headers: { apikey: anon_key, 'content-type': 'application/json' },
		body: JSON.stringify({ email: 'ana@padaria.test', password: 'demo-prosa' })
	});
	expect(response.status).toBe(200);
});

test('a second start says what is running and changes nothing', async () => {
	const { code, output } = await stack.run('start.ts');
	expect(code).toBe(0);
	expect(output).toContain(facts().web_url);
	expect(output).toContain(`Prosa is already running (process ${started?.process.pid})`);
}, 20_000);

test('a taken port is one sentence that names the port, what for, and the way out', async () => {
	const other = await createTestStack();
	const port = Number(other.env.PORT_MAIL);
	const server = net.createServer().listen(port, '127.0.0.1');
	const { code, output } = await other.run('start.ts');
	server.close();
	expect(code).toBe(1);
	expect(output.trim()).toBe(
		`Port ${port}, needed for the mailbox, is taken: stop what listens there, set PORT_MAIL to another port, or shift all ports with PORT_OFFSET.`
	);
	expect(other.processes()).toEqual([]);
	other.remove();
}, 20_000);

test('a data folder that is a file is one sentence', async () => {
	const other = await createTestStack();
	other.env.DATA_DIR = path.join(other.dataDir, 'file');
	fs.writeFileSync(other.env.DATA_DIR, '');
	const { code, output } = await other.run('start.ts');
	expect(code).toBe(1);
	expect(output.trim().split('\n')).toEqual([expect.stringContaining('is a file where a folder is needed')]);
	other.remove();
}, 20_000);

test('a worker that dies is started again, and the terminal says so', async () => {
	const workers = () => stack.processes().flatMap((line) => /^(\d+) .*workers\/src\/main\.ts/.exec(line)?.[1] ?? []);
	const [pid] = workers();
	expect(pid).toBeDefined();
	process.kill(Number(pid), 'SIGKILL');
	await until(() => expect(workers()).toEqual([expect.not.stringMatching(`^${pid}$`)]), 10_000);
	expect(started?.output()).toContain('The worker has stopped (it was ended by SIGKILL) and is started again');
}, 20_000);

test('killed outright it leaves nothing behind, and the next start has everything again', async () => {
	const names = stack.processes().join('\n');
	for (const part of [
		'bin/postgres',
		'deno',
		'workers/src/main.ts',
		'simulators/whatsapp',
		'simulators/model',
		'simulators/sgp',
		'web/.builds'
	]) {
		expect(names).toContain(part);
	}
	started?.process.kill('SIGKILL');
	await started?.ended;
	await until(() => expect(stack.processes()).toEqual([]), 10_000);

	started = await stack.start();
	const sql = postgres(facts().db_url, { max: 1 });
	const [row] = await sql`select count(*)::int as companies from public.tenants`;
	await sql.end();
	expect(row).toEqual({ companies: 2 });
	expect(started.output()).not.toContain('Seeded');
}, 90_000);

test('asked to stop it takes everything down; a folder of other migrations is one sentence, and reset begins anew', async () => {
	const sql = postgres(facts().db_url, { max: 1 });
	await sql`comment on table supabase_migrations.schema_migrations is '{"20261121130152": "another file"}'`;
	await sql.end();
	started?.process.kill('SIGINT');
	expect(await started?.ended).toBe(0);
	started = undefined;
	expect(stack.processes()).toEqual([]);
	expect(fs.existsSync(path.join(stack.dataDir, 'stack.json'))).toBe(false);

	const again = await stack.run('start.ts');
	expect(again.code).toBe(1);
	expect(again.output.trim()).toMatch(
		/^The data folder was made by other migrations than those in supabase\/migrations \(\S+ is another\); start anew with "npm run reset"\.$/
	);
	expect(stack.processes()).toEqual([]);

	const { code } = await stack.run('reset.ts');
	expect(code).toBe(0);
	expect(fs.existsSync(stack.dataDir)).toBe(false);
}, 60_000);

test('reset leaves a folder alone that is none of ours', async () => {
	const other = await createTestStack();
	fs.writeFileSync(path.join(other.dataDir, 'holiday.jpg'), '');
	const { code, output } = await other.run('reset.ts');
	expect(code).toBe(1);
	expect(output).toContain('does not look like a data folder of Prosa');
	expect(fs.existsSync(path.join(other.dataDir, 'holiday.jpg'))).toBe(true);
	other.remove();
}, 20_000);
