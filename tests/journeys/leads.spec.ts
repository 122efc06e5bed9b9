import { expect, test } from './journey.ts';

test('a bot notes a lead; an agent adds another, corrects it, wins it and takes that back', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'orçamento' });
	const caio = await inboxOf('caio');
	const thread = await caio.enter(customer);
	const { page } = caio;
	const section = page.getByTestId('details').filter({ visible: true }).getByTestId('details-leads');
	const lead = (title: string) => section.getByTestId('lead').filter({ hasText: title });

	await expect(thread.message('Qual é o seu nome?')).toBeVisible();
	await test.step('none yet, until somebody notes one', async () => {
		await expect(section).toContainText('Nenhum lead ainda.');
		await section.getByTestId('lead-add').click();
		const dialog = page.getByRole('dialog', { name: 'Novo lead' });
		await dialog.getByRole('textbox', { name: 'Título do lead' }).fill('Assinatura de pães');
		await dialog.getByRole('combobox', { name: 'Temperatura' }).selectOption('Quente');
		await dialog.getByRole('spinbutton', { name: 'Valor (R$)' }).fill('1250.5');
		await dialog.getByRole('textbox', { name: 'Por que está assim' }).fill('Pediu para começar na segunda');
		await page.keyboard.press('Enter');
		await expect(dialog).toBeHidden();
		await expect(lead('Assinatura de pães')).toContainText('Quente');
		await expect(lead('Assinatura de pães')).toContainText(/R\$\s1\.250,50/);
		await expect(lead('Assinatura de pães')).toContainText('Anotado por alguém da equipe');
	});

	await test.step('corrected, won, and taken back', async () => {
		const menu = section.getByRole('button', { name: 'Opções do lead Assinatura de pães' });
		await menu.click();
		await page.getByRole('menuitem', { name: 'Editar' }).click();
		const dialog = page.getByRole('dialog', { name: 'Editar lead' });
		await expect(dialog.getByRole('spinbutton', { name: 'Valor (R$)' })).toHaveValue('1250.5');
		await dialog.getByRole('combobox', { name: 'Temperatura' }).selectOption('Morno');
		await dialog.getByRole('button', { name: 'Salvar lead' }).click();
		await expect(lead('Assinatura de pães')).toContainText('Morno');

		await menu.click();
		await page.getByRole('menuitem', { name: 'Marcar como ganho' }).click();
		await expect(lead('Assinatura de pães')).toContainText('Ganho');
		await page.getByRole('button', { name: 'Desfazer' }).click();
		await expect(lead('Assinatura de pães')).toContainText('Morno');
		await menu.click();
		await page.getByRole('menuitem', { name: 'Marcar como perdido' }).click();
		await expect(lead('Assinatura de pães')).toContainText('Perdido');
	});

	await test.step('what the bot finds out stands beside it, by itself', async () => {
		const said = [
			['Rita Souza', 'Para que dia é, Rita Souza?'],
			['24/12/2030', 'Para quantas pessoas?'],
			['50', 'Um bolo para 50 pessoas fica em torno de']
		] as const;
		for (const [text, then] of said) {
			await simulator.write(customer, { text });
			await expect(thread.message(then)).toBeVisible();
		}
		await expect(lead('Bolo para 50 pessoas')).toContainText('Quente');
		await expect(lead('Bolo para 50 pessoas')).toContainText(/R\$\s625,00/);
		await expect(lead('Bolo para 50 pessoas')).toContainText('Anotado por um bot');
		await expect(lead('Assinatura de pães'), 'what was lost stays lost').toContainText('Perdido');
	});
});
