import type { Locator, Page } from '@playwright/test';

/** The page that lets people in. */
export class SignIn {
	readonly page: Page;
	readonly email: Locator;
	readonly password: Locator;
	readonly submit: Locator;
	readonly problem: Locator;

	constructor(page: Page) {
		this.page = page;
		this.email = page.getByLabel('E-mail');
		this.password = page.getByLabel('Senha', { exact: true });
		this.submit = page.getByRole('button', { name: 'Entrar' });
		this.problem = page.getByRole('alert');
	}

	/** Goes there and signs in. */
	async enter(email: string, password: string): Promise<void> {
		await this.page.goto('/sign-in');
		await this.fill(email, password);
	}

	async fill(email: string, password: string): Promise<void> {
		await this.email.fill(email);
		await this.password.fill(password);
		await this.submit.click();
	}
}
