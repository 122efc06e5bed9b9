import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { uuid } from '../../tests/database/people.ts';
import { freePort } from '../whatsapp/process.testing.ts';

const database = useDatabase();
const root = fileURLToPath(new URL('../../', import.meta.url));

let address = '';
let stop = async () => {};
beforeAll(async () => {
	const port = await freePort();
	const flags = ['run', '--cached-only', '--no-remote', '--allow-net', '--allow-env', '--allow-read'];
	const child = spawn(`${root}node_modules/.bin/deno`, [...flags, 'edge-functions/unsubscribe/index.ts'], {
		cwd: root,
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			DENO_SERVE_ADDRESS: `tcp:127.0.0.1:${port}`,
			SUPABASE_DB_URL: database.url('prosa_door'),
			WEB_URL: 'https://app.prosa.test'
		},
		stdio: 'ignore'
	});
	const exited = once(child, 'exit');
	address = `http://127.0.0.1:${port}/unsubscribe`;
	stop = async () => {
		child.kill('SIGKILL');
		await exited;
	};
	await vi.waitFor(async () => (await fetch(address, { redirect: 'manual' })).body?.cancel(), {
		timeout: 20_000,
		interval: 50
	});
});
afterAll(() => stop());

const wish = async () => {
	const [row] = await database.owner<{ digest: string }[]>`
		select digest from public.notification_settings where user_id = ${uuid('caio')}`;
	return row?.digest;
};
const token = async () => {
	const [row] = await database.owner<{ token: string }[]>`
		select unsubscribe_token as token from private.digests where user_id = ${uuid('caio')} and tenant_id = ${uuid('padaria')}`;
	return row?.token ?? '';
};

test('a mail program stops the letters with one post, without cookies, origin or a person', async () => {
	const click = async (what: string) =>
		fetch(`${address}?token=${what}`, {
			method: 'POST',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: 'List-Unsubscribe=One-Click'
		});
	expect((await click(await token())).status).toBe(200);
	expect(await wish()).toBe('never');
	expect((await click(await token())).status, 'a second time too').toBe(200);
	expect((await click(uuid('nobody’s'))).status).toBe(404);
	expect((await click('nonsense')).status).toBe(404);
});

test('whoever only follows the address is asked first', async () => {
	await database.owner`update public.notification_settings set digest = 'daily' where user_id = ${uuid('caio')}`;
	const answer = await fetch(`${address}?token=${await token()}`, { redirect: 'manual' });
	expect(answer.status).toBe(303);
	expect(answer.headers.get('location')).toBe(`https://app.prosa.test/unsubscribe?token=${await token()}`);
	expect(await wish()).toBe('daily');
});
