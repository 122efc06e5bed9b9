import { expect, type Locator, type Page } from '@playwright/test';
import type { Customer } from '../simulator.ts';
import { Thread } from './thread.ts';

/** An agent's inbox. */
export class Inbox {
	readonly page: Page;
	readonly workspace: string;
	readonly list: Locator;
	readonly banner: Locator;
	/** All that Realtime told this browser. */
	readonly heard: string[] = [];

	constructor(page: Page, workspace: string) {
		this.page = page;
		page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.heard.push(String(payload))));
		this.workspace = workspace;
		this.list = page.getByRole('region', { name: 'Conversas' });
		this.banner = page.getByRole('status').filter({ hasText: 'Reconectando' });
	}

	/** Goes there, to a conversation if one is named, and waits until it is live. */
	async open(conversationId = ''): Promise<void> {
		this.heard.length = 0;
		await this.page.goto(`/${this.workspace}/inbox/${conversationId}`);
		await this.arrive();
	}

	/** Draws the page anew and waits until it is live again. */
	async reload(): Promise<void> {
		this.heard.length = 0;
		await this.page.reload();
		await this.arrive();
	}

	/** Waits until the inbox is on the screen and follows what happens. */
	async arrive(): Promise<void> {
		await this.page.waitForURL(`**/${this.workspace}/inbox**`);
		await expect(this.list).toBeAttached();
		const joined = /"realtime:inbox:[^"]*","phx_reply",.*"status":"ok"/;
		await expect.poll(() => this.heard.some((frame) => joined.test(frame)), 'the inbox is live').toBe(true);
	}

	/** The rows of a customer; there should be one. */
	row(customer: Customer): Locator {
		return this.list.getByRole('link', { name: new RegExp(`^${customer.name}\\b`) });
	}

	/** Opens a customer's conversation from the list. */
	async enter(customer: Customer): Promise<Thread> {
		await this.row(customer).click();
		const thread = this.thread(customer);
		await expect(thread.log).toBeVisible();
		return thread;
	}

	thread(customer: Customer): Thread {
		return new Thread(this.page, customer.name);
	}

	/** The id of the open conversation, as the address has it. */
	get conversationId(): string {
		return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
	}

	/** Chooses in the menu of one's own account. */
	async account(item: string): Promise<void> {
		await this.page
			.getByRole('button', { name: /^Sua conta/ })
			.filter({ visible: true })
			.click();
		await this.page.getByRole('menuitem', { name: item, exact: true }).click();
	}

	/** Goes to another of the person's companies. */
	async switchTo(company: string): Promise<void> {
		await this.page
			.getByRole('button', { name: /Trocar de empresa/ })
			.filter({ visible: true })
			.click();
		await this.page.getByRole('menuitem', { name: company }).click();
	}

	/** A notice at the edge of the screen. */
	notice(text: string): Locator {
		return this.page.getByRole('listitem').filter({ hasText: text });
	}

	/** The views beside the list. */
	get views(): Locator {
		return this.page.getByRole('navigation', { name: 'Visões' });
	}

	/** A view, a team or a saved filter among them. */
	viewLink(name: string): Locator {
		return this.views.getByRole('link', { name: new RegExp(`^${name}(, \\d+)?$`) });
	}

	/** Chooses which conversations the list shows. */
	async view(name: string): Promise<void> {
		await this.viewLink(name).click();
		await expect(this.list.getByRole('heading', { name, exact: true })).toBeVisible();
	}
}
