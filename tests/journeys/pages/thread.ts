import type { Locator, Page } from '@playwright/test';

/** An open conversation: what was said, and the field to answer in. */
export class Thread {
	readonly page: Page;
	readonly pane: Locator;
	readonly log: Locator;
	readonly field: Locator;
	readonly send: Locator;
	/** The files that go with what is being written. */
	readonly tray: Locator;

	constructor(page: Page, contact: string) {
		this.page = page;
		this.pane = page.getByRole('region', { name: contact });
		this.log = this.pane.getByRole('log', { name: 'Mensagens' });
		this.field = this.pane.getByRole('textbox', { name: `Responder a ${contact}` });
		this.send = this.pane.getByRole('button', { name: 'Enviar', exact: true });
		this.tray = this.pane.getByRole('list', { name: 'Anexos' });
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

	/** Chooses files as from the computer. */
	async pick(...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
		await this.pane.getByTestId('file').setInputFiles(files);
	}

	/** A file that waits to be sent. */
	attachment(name: string): Locator {
		return this.tray.getByTestId('attachment').filter({ hasText: name });
	}

	/** Drags a file from outside onto the conversation. */
	async drop(name: string, type: string, bytes: Buffer): Promise<void> {
		const dataTransfer = await this.page.evaluateHandle(carry, { name, type, base64: bytes.toString('base64') });
		for (const event of ['dragenter', 'dragover', 'drop']) await this.log.dispatchEvent(event, { dataTransfer });
	}

	/** Pastes a file into the field. */
	async paste(name: string, type: string, bytes: Buffer): Promise<void> {
		const clipboardData = await this.page.evaluateHandle(carry, { name, type, base64: bytes.toString('base64') });
		await this.field.evaluate(
			(field, data) =>
				field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })),
			clipboardData
		);
	}

	/** Opens one of the forms behind the paper clip. */
	async form(name: string): Promise<Locator> {
		await this.pane.getByTestId('attach').click();
		await this.page.getByRole('menuitem', { name, exact: true }).click();
		const form = this.page.getByRole('dialog', { name });
		await form.waitFor();
		return form;
	}
}

/** In the page: what a drag or a clipboard carries, holding one file. */
function carry({ name, type, base64 }: { name: string; type: string; base64: string }): DataTransfer {
	const transfer = new DataTransfer();
	const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
	transfer.items.add(new File([bytes], name, { type }));
	return transfer;
}
