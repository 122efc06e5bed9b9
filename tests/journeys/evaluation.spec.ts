import { expect, test } from './journey.ts';

test.slow();

test('a draft is evaluated by a question out of a real conversation, and publishing says how that went', async ({
	inboxOf,
	phoneOf,
	customer,
	sql
}) => {
	const { page } = await inboxOf('bruno');
	const name = `Avaliada ${Date.now()}`;
	const asked = `Quanto custa a troca de óleo, hein ${Date.now()}?`;
	try {
		const phone = await phoneOf(customer, 'oficina');
		await phone.write(asked);
		await expect
			.poll(async () => (await sql`select 1 from public.messages where body = ${asked}`).length, { timeout: 30_000 })
			.toBe(1);

		await page.goto('/oficina/settings/ai');
		await page.getByRole('button', { name: 'Novo agente de IA' }).click();
		const made = page.getByRole('dialog', { name: 'Novo agente de IA' });
		await made.getByLabel('Nome do agente').fill(name);
		await made.getByRole('button', { name: 'Criar agente' }).click();
		await expect(page.getByRole('heading', { name })).toBeVisible();
		const editor = page.url();

		await page.getByRole('button', { name: 'Avaliação' }).click();
		await expect(page.getByText('Nenhum caso ainda')).toBeVisible();
		await page.getByRole('button', { name: 'Novo caso' }).click();
		const first = page.getByRole('dialog', { name: 'Novo caso' });
		await first.getByRole('button', { name: 'Pegar de uma conversa' }).click();
		await first.getByTestId('ai-talks').getByRole('button').filter({ hasText: asked }).click();
		await first.getByTestId('ai-talks').getByRole('button', { name: asked }).click();
		await expect(first.getByLabel('O que o cliente escreve')).toHaveValue(asked);
		await first.getByLabel('Nome do caso').fill('Óleo');
		await first.getByLabel('A resposta precisa conter').fill('R$ 189,00');
		await first.getByLabel('Precisa citar o documento').selectOption('Serviços e preços');
		await first.getByRole('button', { name: 'Salvar' }).click();
		await expect(page.getByTestId('ai-case')).toHaveCount(1);

		await page.getByRole('button', { name: 'Novo caso' }).click();
		const second = page.getByRole('dialog', { name: 'Novo caso' });
		await second.getByLabel('Nome do caso').fill('Impossível');
		await second.getByLabel('O que o cliente escreve').fill('bom dia');
		await second.getByLabel('Passar para uma pessoa').selectOption('yes');
		await second.getByRole('button', { name: 'Salvar' }).click();
		await expect(page.getByTestId('ai-case')).toHaveCount(2);

		await page.getByRole('button', { name: 'Avaliar o rascunho' }).click();
		await expect(page.getByTestId('ai-evaluation')).toContainText('1 de 2 passaram', { timeout: 60_000 });
		const oil = page.getByTestId('ai-case').filter({ hasText: 'Óleo' });
		await expect(oil).toContainText('Passou');
		await oil.locator('summary').click();
		await expect(oil.getByTestId('ai-case-answer')).toContainText('R$ 189,00');
		await expect(page.getByTestId('ai-case').filter({ hasText: 'Impossível' })).toContainText(
			'Não passou para uma pessoa'
		);

		await page.goto(editor);
		await page.getByRole('button', { name: 'Publicar' }).click();
		await expect(page.getByTestId('ai-last-evaluation')).toContainText(
			'1 de 2 casos da avaliação falharam com este rascunho.'
		);
	} finally {
		await sql`delete from public.ai_agents where name = ${name}`;
	}
});
