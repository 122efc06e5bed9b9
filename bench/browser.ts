import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import type { StackFacts } from '../stack/facts.ts';
import { CHROMIUM_FLAGS, ensureChromium } from '../tests/chromium.ts';

/** A real Chromium with one person signed in. */
export interface SignedIn {
	browser: Browser;
	/** A window of its own with that person's cookies and nothing kept. */
	open: () => Promise<{ context: BrowserContext; page: Page; cdp: CDPSession }>;
	close: () => Promise<void>;
}

export async function signInBrowser(facts: StackFacts, email: string): Promise<SignedIn> {
	const executablePath = await ensureChromium();
	const args = [...CHROMIUM_FLAGS, '--js-flags=--expose-gc'];
	const browser = await chromium.launch({ executablePath, args });
	const options = { baseURL: facts.web_url, viewport: { width: 1440, height: 900 }, locale: 'pt-BR' };
	const door = await browser.newContext(options);
	const page = await door.newPage();
	await page.goto('/sign-in');
	await page.getByLabel('E-mail').fill(email);
	await page
		.getByLabel('Senha', { exact: true })
		.fill(facts.users.find((user) => user.email === email)?.password ?? '');
	await page.getByRole('button', { name: 'Entrar' }).click();
	await page.waitForURL('**/inbox**', { timeout: 60_000 });
	const storageState = await door.storageState();
	await door.close();
	return {
		browser,
		open: async () => {
			const context = await browser.newContext({ ...options, storageState });
			const opened = await context.newPage();
			return { context, page: opened, cdp: await context.newCDPSession(opened) };
		},
		close: () => browser.close()
	};
}

/** Opens the inbox and waits until its rows are there and its topic is joined. */
export async function openInbox(page: Page, path: string): Promise<void> {
	const joined = new Promise<void>((resolve) => {
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => {
				if (/"realtime:inbox:[^"]*","phx_reply",.*"status":"ok"/.test(payload.toString())) resolve();
			})
		);
	});
	await page.goto(path, { timeout: 60_000 });
	await page.getByTestId('conversation-row').first().waitFor({ timeout: 60_000 });
	await joined;
}
