import type { Page } from '@playwright/test';

/** The mailbox page, where every mail of the local stack lands. */
export class Mailbox {
	readonly page: Page;
	#url: string;

	constructor(page: Page, url: string) {
		this.page = page;
		this.#url = url;
	}

	/** Opens the newest mail to an address and follows the link in it. */
	async followLink(to: string): Promise<void> {
		await this.page.goto(this.#url);
		await this.page.getByRole('link').filter({ hasText: to }).first().click();
		await this.page
			.getByRole('link', { name: /\/auth\/v1\/verify/ })
			.first()
			.click();
	}
}
