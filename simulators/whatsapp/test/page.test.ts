import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MARINA, PADARIA, stage, text } from './stage.ts';

const folder = join(import.meta.dirname, '../page');

test('the phone page and all its files are served, with a policy that lets nothing in from elsewhere', async () => {
	const { simulator } = await stage();
	const page = await fetch(`${simulator.url}/?customer=${MARINA}`);
	expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
	const policy = page.headers.get('content-security-policy') ?? '';
	expect(policy).toContain("default-src 'none'");
	expect(policy).not.toContain('unsafe');
	for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
		expect((await fetch(`${simulator.url}/${name}`)).status, name).toBe(200);
	}
});

test('nothing outside the page folder is served', async () => {
	const { simulator } = await stage();
	for (const path of ['/tsconfig.json', '/..%2fmain.ts', '/%2e%2e/src/options.ts', '/nothing.js']) {
		const answer = await fetch(simulator.url + path);
		expect(answer.status, path).toBe(400);
		expect(await answer.json()).toMatchObject({ error: { code: 2500 } });
	}
});

test('the page imports, styles and inlines nothing from elsewhere', () => {
	for (const name of readdirSync(folder)) {
		const content = readFileSync(join(folder, name), 'utf8').replaceAll('http://www.w3.org/2000/svg', '');
		expect(content, name).not.toMatch(/(?:src|href|url\(|from|import)\s*[=(]?\s*['"]?https?:\/\//);
		if (name.endsWith('.html')) expect(content).not.toMatch(/<style|style=|onclick|<script(?![^>]*\bsrc=)/);
	}
});

test('a chat that is on screen is read, one behind another tab is not', async () => {
	const { simulator, control, sent, door, until } = await stage();
	const events = await fetch(`${simulator.url}/_simulator/events`);
	const reader = events.body?.getReader();
	const hello = new TextDecoder().decode((await reader?.read())?.value);
	const listener = (JSON.parse(/data: (.*)/.exec(hello)?.[1] ?? '{}') as { id: string }).id;
	await control('/look', { listener, phone_number_id: PADARIA, customer: MARINA });
	const seen = await sent(text());
	await until('it was read', () => door.statuses().some(({ id, status }) => id === seen && status === 'read'));
	await control('/look', { listener, phone_number_id: null, customer: null });
	const unseen = await sent(text());
	await until('it was delivered', () =>
		door.statuses().some(({ id, status }) => id === unseen && status === 'delivered')
	);
	await new Promise((resolve) => setTimeout(resolve, 30));
	expect(door.statuses().some(({ id, status }) => id === unseen && status === 'read')).toBe(false);
	await control('/look', { listener, phone_number_id: PADARIA, customer: MARINA });
	await until('it was read too', () => door.statuses().some(({ id, status }) => id === unseen && status === 'read'));
	await reader?.cancel();
});

test('only JSON drives the phone, so a form on a foreign page cannot', async () => {
	const { simulator } = await stage();
	const answer = await fetch(`${simulator.url}/_simulator/inbound`, {
		method: 'POST',
		headers: { 'content-type': 'text/plain' },
		body: JSON.stringify({ phone_number_id: PADARIA, from: MARINA, text: 'oi' })
	});
	expect(answer.status).toBe(400);
	expect(simulator.world.chats.list()).toEqual([]);
});
