import type { Page } from '@playwright/test';
import { expect } from '../journey.ts';

export const block = (page: Page, type: string) => page.locator(`[data-testid="block"][data-type="${type}"]`);
export const saved = (page: Page) => expect(page.getByTestId('saving')).toHaveAttribute('data-state', 'saved');

/** Makes a flow in the list and waits for its drawing. */
export async function make(page: Page, name: string, starter?: string): Promise<void> {
	await page.goto('/padaria/flows');
	await page.getByRole('button', { name: 'Novo bot' }).first().click();
	const dialog = page.getByRole('dialog', { name: 'Novo bot' });
	if (starter) await dialog.getByText(starter, { exact: true }).click();
	await dialog.getByLabel('Nome do bot').fill(name);
	await dialog.getByRole('button', { name: 'Criar' }).click();
	// What draws it is fetched when the first flow is opened.
	await expect(block(page, 'start')).toBeVisible({ timeout: 30_000 });
}

/** Puts a block behind the chosen one, by keys alone. */
export async function add(page: Page, name: string): Promise<void> {
	const field = page.getByRole('textbox', { name: 'Procurar bloco' });
	await field.fill(name);
	await field.press('Enter');
}

/** Has messages with this word start the flow. */
export async function startBy(page: Page, word: string): Promise<void> {
	await block(page, 'start').click();
	await page.getByRole('button', { name: 'Adicionar gatilho' }).click();
	await page.getByRole('textbox', { name: /palavras/ }).fill(word);
	await page.getByRole('textbox', { name: /palavras/ }).press('Tab');
	await page.getByRole('button', { name: 'Salvar gatilhos' }).click();
	await expect(page.getByRole('button', { name: 'Salvar gatilhos' })).toHaveCount(0);
}

export async function publish(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Publicar' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Publicar' }).click();
	await expect(page.getByText('Publicado', { exact: true })).toBeVisible();
}
