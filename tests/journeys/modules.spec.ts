import { expect, test } from './journey.ts';

test.slow();

test('SGP is switched on, tested, and gives a customer their second invoice on the phone', async ({
	inboxOf,
	phoneOf,
	customer,
	facts,
	sql
}) => {
	await sql`delete from public.tenant_modules m using public.tenants t where t.id = m.tenant_id and t.slug = 'padaria'`;
	const { page } = await inboxOf('ana');
	await page.goto('/padaria/settings/modules');
	await page.getByRole('article', { name: 'SGP' }).getByRole('button', { name: 'Ligar' }).click();
	const form = page.getByRole('dialog', { name: 'SGP' });
	await form.getByRole('button', { name: 'Salvar e testar' }).click();
	await expect(form.getByText('Preencha este campo.')).toHaveCount(3);
	await form.getByLabel('Endereço do SGP').fill(facts.sgp.url);
	await form.getByLabel('Token', { exact: true }).fill('errado');
	await form.getByLabel('Aplicação').fill(facts.sgp.app);
	await form.getByRole('button', { name: 'Salvar e testar' }).click();
	const card = page.getByTestId('module');
	await expect(card).toContainText('O SGP recusou o acesso', { timeout: 20_000 });

	await card.getByRole('button', { name: 'Configurar' }).click();
	await expect(form.getByLabel('Token', { exact: true })).toHaveValue('');
	await expect(form.getByText(/^Guardado desde/)).toBeVisible();
	await form.getByLabel('Token', { exact: true }).fill(facts.sgp.token);
	await form.getByRole('button', { name: 'Salvar e testar' }).click();
	await expect(card).toContainText('Funciona: respondeu em', { timeout: 20_000 });
	await page.reload();
	await expect(card).toContainText('Funciona');
	expect(await page.content()).not.toContain(facts.sgp.token);

	const word = `fatura${Date.now()}`;
	await page.goto('/padaria/flows');
	await page.getByRole('button', { name: 'Novo bot' }).first().click();
	const dialog = page.getByRole('dialog', { name: 'Novo bot' });
	await dialog.getByText('Segunda via e desbloqueio', { exact: true }).click();
	await dialog.getByLabel('Nome do bot').fill(`Segunda via ${word}`);
	await dialog.getByRole('button', { name: 'Criar' }).click();
	const start = page.locator('[data-testid="block"][data-type="start"]');
	await expect(start).toBeVisible({ timeout: 30_000 });
	await expect(page.getByTestId('problems')).toContainText('Sem problemas');
	await start.click();
	await page.getByRole('button', { name: 'Adicionar gatilho' }).click();
	await page.getByRole('textbox', { name: /palavras/ }).fill(word);
	await page.getByRole('textbox', { name: /palavras/ }).press('Tab');
	await page.getByRole('button', { name: 'Salvar gatilhos' }).click();
	await expect(page.getByRole('button', { name: 'Salvar gatilhos' })).toHaveCount(0);
	await page.getByRole('button', { name: 'Publicar' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Publicar' }).click();
	await expect(page.getByText('Publicado', { exact: true })).toBeVisible();

	const phone = await phoneOf(customer);
	await phone.write(word);
	await expect(phone.bubble('Qual é o CPF ou CNPJ do titular?')).toBeVisible();
	await phone.write('529.982.247-25');
	await expect(phone.bubble('A fatura de R$ 99,90 vence em 10/12/2026.')).toBeVisible();
	await expect(phone.bubble('br.gov.bcb.pix')).toBeVisible();

	await page.goto('/padaria/settings/modules');
	await card.getByRole('switch').click();
	await page.getByRole('dialog', { name: 'Desligar SGP?' }).getByRole('button', { name: 'Desligar' }).click();
	await expect(card).toContainText('Desligada');
	await phone.write(word);
	await phone.write('529.982.247-25');
	await expect(phone.bubble('O sistema de faturas não respondeu agora.')).toBeVisible();
});
