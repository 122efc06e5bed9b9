import type { BrowserContext, Page } from '@playwright/test';

/**
 * Has the pages of a browser wait, after each way to an address, until what the server drew can be used: a click before
 * that is lost, however right the page looks. Pages that are not Kit's are as they are.
 */
export function waitUntilAwake(context: BrowserContext): void {
	const newPage = context.newPage.bind(context);
	context.newPage = async () => {
		const page = await newPage();
		const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
		page.goto = async (...given) => {
			const response = await goto(...given);
			await awake(page);
			return response;
		};
		page.reload = async (...given) => {
			const response = await reload(...given);
			await awake(page);
			return response;
		};
		return page;
	};
}

async function awake(page: Page): Promise<void> {
	await page.waitForFunction(() => {
		const drawnByKit = document.body?.dataset['sveltekitPreloadCode'] !== undefined;
		return !drawnByKit || document.documentElement.dataset['awake'] !== undefined;
	});
}
