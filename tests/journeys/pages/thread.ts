import type { Locator, Page } from '@playwright/test';

/** An open conversation: what was said, and the field to answer in. */
export class Thread {
	readonly page: Page;
	readonly pane: Locator;
	readonly log: Locator;
	readonly field: Locator;
	readonly send: Locator;

	constructor(page: Page, contact: string) {
		this.page = page;
		this.pane = page.getByRole('region', { name: contact });
		this.log = this.pane.getByRole('log', { name: 'Mensagens' });
		this.field = this.pane.getByRole('textbox', { name: `Responder a ${contact}` });
		this.send = this.pane.getByRole('button', { name: 'Enviar', exact: true });
	}

	/** The messages with these words; all of them without. */
	message(text?: string | RegExp): Locator {
		const messages = this.log.getByTestId('message');
		return text === undefined ? messages : messages.filter({ hasText: text });
	}

	/** Types and presses Enter. */
	async answer(text: string): Promise<void> {
		await this.field.fill(text);
		await this.field.press('Enter');
	}

	/** Chooses in the menu of a message. */
	async act(text: string, action: string): Promise<void> {
		const message = this.message(text);
		await message.hover();
		await message.getByRole('button', { name: 'Ações da mensagem' }).click();
		await this.page.getByRole('menuitem', { name: action, exact: true }).click();
	}

	/** A button of the conversation's head. */
	button(name: string): Locator {
		return this.pane.getByRole('button', { name, exact: true });
	}
}
