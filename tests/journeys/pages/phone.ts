import type { Locator, Page } from '@playwright/test';
import { NUMBERS, type Company, type Customer } from '../simulator.ts';

/** The phone a customer writes on. */
export class Phone {
	readonly page: Page;
	readonly messages: Locator;
	readonly field: Locator;

	#url: string;

	constructor(page: Page, url: string) {
		this.page = page;
		this.#url = url;
		this.messages = page.getByRole('log', { name: 'Mensagens' });
		this.field = page.getByRole('textbox', { name: 'Mensagem', exact: true });
	}

	/** Has the customer look at the chat with a company. */
	async open(customer: Customer, company: Company): Promise<void> {
		await this.page.goto(`${this.#url}/?business=${NUMBERS[company]}&customer=${encodeURIComponent(customer.id)}`);
		await this.page
			.getByRole('status')
			.filter({ hasText: `Você: ${customer.name}` })
			.waitFor();
	}

	/** Types and presses Enter. */
	async write(text: string): Promise<void> {
		await this.field.fill(text);
		await this.field.press('Enter');
	}

	/** The message with these words. */
	bubble(text: string | RegExp): Locator {
		return this.messages.getByRole('article').filter({ hasText: text });
	}

	/** Sends one of the samples behind the paper clip. */
	async attach(name: string): Promise<void> {
		await this.page.getByRole('button', { name: 'Anexar' }).click();
		await this.page.getByRole('menuitem', { name, exact: true }).click();
	}

	/** Chooses in the menu of a message: answer, edit, delete, an emoji. */
	async choose(bubble: Locator, action: string): Promise<void> {
		await bubble.hover();
		await bubble.getByRole('button', { name: 'Ações da mensagem' }).click();
		await this.page.getByRole('menuitem', { name: action, exact: true }).click();
	}
}
