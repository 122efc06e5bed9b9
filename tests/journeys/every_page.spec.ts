import { globSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Sql } from 'postgres';
import { misfits, SCREENS } from './fit.ts';
import { expect, test } from './journey.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const ROUTES = path.join(ROOT, 'web/src/routes');
const PICTURES = path.join(ROOT, 'test-results/pages');

/** Every page there is, as its folder says: a new one is walked without anybody remembering it. */
const routes = globSync('**/+page.svelte', { cwd: ROUTES })
	.map((file) => path.dirname(file))
	.toSorted();

/** Whom a page is for. The one of those who belong nowhere is walked apart; the second factor's is shown by access.spec. */
const whoSees = (route: string) =>
	route === '.' || route.includes('second-factor') ? 'nobody' : route.startsWith('(door)') ? 'visitor' : 'member';

/** To visitors this is the door itself. */
const elsewhere = ['(door)/new'];

/** What stands in an address in place of its folder's name. */
const FILLED: Record<string, (sql: Sql) => Promise<string>> = {
	'[workspace]': async () => 'padaria',
	'[[conversation]]': async (sql) =>
		one(sql`
		select id from conversations where tenant_id = (select id from tenants where slug = 'padaria') and folder = 'open'
		order by last_message_at desc limit 1`),
	'[channel]': async (sql) =>
		one(sql`
		select id from channels where tenant_id = (select id from tenants where slug = 'padaria') limit 1`),
	'[team]': async (sql) =>
		one(sql`
		select id from teams where tenant_id = (select id from tenants where slug = 'padaria') order by name limit 1`),
	'[template]': async (sql) =>
		one(sql`
		select id from templates where tenant_id = (select id from tenants where slug = 'padaria') order by name limit 1`),
	'[flow]': async (sql) =>
		one(sql`
		insert into flows (tenant_id, name, draft)
		select id, 'Bot ' || gen_random_uuid(), '{"format": 1, "variables": [], "edges": [], "nodes": [{"id": "start", "type": "start"}]}'
		from tenants where slug = 'padaria'
		returning id`),
	'[agent]': async (sql) =>
		one(sql`
		insert into ai_agents (tenant_id, name, draft)
		select id, 'Agente ' || gen_random_uuid(), '{"name": "Agente", "model": "prosa-simulator"}' from tenants where slug = 'padaria'
		returning id`),
	'[event]': async (sql) =>
		one(sql`
		insert into webhook_events (tenant_id, channel_id, sha256, raw, status, error)
		select tenant_id, id, encode(sha256(gen_random_uuid()::text::bytea), 'hex'), '{"entry": []}', 'failed', 'bad_request'
		from channels where tenant_id = (select id from tenants where slug = 'padaria') limit 1
		returning id`),
	'[invitation]': async () => '00000000-0000-4000-8000-000000000000'
};

async function one(rows: Promise<readonly { id?: string }[]>): Promise<string> {
	const id = (await rows)[0]?.id;
	if (!id) throw new Error('nothing to visit');
	return id;
}

async function addressOf(route: string, sql: Sql): Promise<string> {
	const parts = route.split('/').filter((part) => !part.startsWith('(') && part !== '.');
	const filled = parts.map((part) => {
		if (!part.includes('[')) return part;
		const fill = FILLED[part];
		if (!fill) throw new Error(`Nobody said what stands in place of ${part}: tell it in FILLED.`);
		return fill(sql);
	});
	return `/${(await Promise.all(filled)).join('/')}`;
}

/** Everything is there: no skeleton, nothing on its way, fonts drawn. */
async function settle(page: Page): Promise<void> {
	await page.waitForLoadState('load');
	await expect(page.locator('main, [role=dialog], body > div').first()).toBeVisible();
	await expect(page.locator('.animate-pulse:visible')).toHaveCount(0);
	await page.evaluate(async () => {
		await document.fonts.ready;
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	});
}

for (const { name, options } of SCREENS) {
	const folder = path.join(PICTURES, name.replaceAll(' ', '_'));
	const calm = { ...options, reducedMotion: 'reduce' } as const;

	/** Keeps the picture, and says what is amiss without leaving the rest unseen. */
	async function look(page: Page, what: string): Promise<void> {
		await settle(page);
		await page.screenshot({ path: path.join(folder, `${what.replaceAll(/[^\w]+/g, '_')}.png`) });
		expect.soft(await misfits(page), `${what}, ${name}`).toEqual([]);
	}

	test(`every page can be read and used, ${name}`, async ({ browse, inboxOf, sql }) => {
		test.setTimeout(300_000);
		const visitor = await (await browse(calm)).newPage();
		const { page } = await inboxOf('ana', calm);
		for (const route of routes) {
			const who = whoSees(route);
			if (who === 'nobody') continue;
			const at = who === 'visitor' ? visitor : page;
			const address = await addressOf(route, sql);
			await at.goto(address);
			// Not sent elsewhere: then another page would be looked at twice and this one never.
			if (!elsewhere.includes(route)) expect.soft(new URL(at.url()).pathname, route).toBe(address);
			await look(at, route);
		}
		await page.goto('/padaria/inbox');
		await look(page, 'inbox without a conversation');
		await page.goto('/padaria/nowhere');
		await look(page, 'error');
	});

	test(`everything that opens over the inbox can be read and used, ${name}`, async ({ inboxOf, sql }) => {
		test.setTimeout(180_000);
		const { page } = await inboxOf('ana', calm);
		const { keyboard } = page;
		const conversation = await addressOf('[workspace]/inbox/[[conversation]]', sql);
		const opened: [what: string, keys: string[], shown: string][] = [
			['palette', ['Control+k'], '[role=dialog]'],
			['keys', ['?'], '[role=dialog]'],
			['notices', ['g', 'n'], '[role=dialog]']
		];
		for (const [what, keys, shown] of opened) {
			await page.goto(conversation);
			await expect(page.getByRole('log')).toBeVisible();
			await settle(page);
			// Keys are heard once the page is awake.
			await expect(async () => {
				for (const key of keys) await keyboard.press(key);
				await expect(page.locator(shown).first()).toBeVisible({ timeout: 1_500 });
			}).toPass();
			await look(page, `over ${what}`);
		}
		if (name.startsWith('narrow')) {
			await page.goto(conversation);
			await expect(page.getByRole('log')).toBeVisible();
			await settle(page);
			await page.getByTestId('details-toggle').click();
			await expect(page.getByRole('dialog')).toBeVisible();
			await look(page, 'over details');
		}
	});
}

test('who belongs to no company is told so, on a page one can read', async ({ browse, facts }) => {
	const email = `sozinha-${Date.now()}@nenhuma.test`;
	const made = await fetch(`${facts.api_url}/auth/v1/admin/users`, {
		method: 'POST',
		headers: {
			apikey: facts.service_role_key,
			authorization: `Bearer ${facts.service_role_key}`,
			'content-type': 'application/json'
		},
		body: JSON.stringify({ email, password: 'demo-prosa-so', email_confirm: true })
	});
	expect(made.ok).toBe(true);
	for (const { name, options } of SCREENS) {
		const page = await (await browse({ ...options, reducedMotion: 'reduce' })).newPage();
		await page.goto('/sign-in');
		await page.getByLabel('E-mail').fill(email);
		await page.getByLabel('Senha', { exact: true }).fill('demo-prosa-so');
		await page.getByRole('button', { name: 'Entrar' }).click();
		await expect(page).not.toHaveURL(/sign-in/);
		await settle(page);
		await page.screenshot({ path: path.join(PICTURES, name.replaceAll(' ', '_'), 'nowhere.png') });
		expect.soft(await misfits(page), name).toEqual([]);
	}
});
