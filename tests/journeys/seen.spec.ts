import { expectFit } from './fit.ts';
import { expect, test } from './journey.ts';
import { snap } from './snap.ts';

test.slow();

test('an AI’s answer shows the team what it was drawn from and how it came to it, and the customer nothing of it', async ({
	inboxOf,
	phoneOf,
	customer
}) => {
	const phone = await phoneOf(customer, 'oficina');
	await phone.write('assistente');
	await expect(phone.bubble('Eu sou a Bia')).toBeVisible({ timeout: 30_000 });
	await phone.write('Quanto custa a troca de óleo?');
	await expect(phone.bubble('R$ 189')).toBeVisible({ timeout: 30_000 });
	await expect(phone.page.getByText('Serviços e preços')).toHaveCount(0);

	const inbox = await inboxOf('bruno');
	const { page } = inbox;
	const asked: string[] = [];
	page.on('request', (request) => request.url().includes('/ai_turns?') && asked.push(request.url()));
	const thread = await inbox.enter(customer);
	const line = thread.message('R$ 189').getByTestId('ai-turn');
	await expect(line).toContainText('Bia');
	await expect(line.getByTestId('ai-source').first()).toHaveText('Serviços e preços');
	await snap(page, 'citations');
	await line.getByTestId('ai-source').first().click();
	const dialog = page.getByRole('dialog', { name: 'Serviços e preços' });
	await expect(dialog.locator('mark').filter({ hasText: 'R$ 189,00' })).toBeVisible();
	await expectFit(page);
	await snap(page, 'source');
	await expect(dialog.getByRole('link', { name: 'Abrir o documento no conhecimento' })).toHaveAttribute(
		'href',
		/\/oficina\/settings\/ai\/knowledge#[0-9a-f-]{36}$/
	);
	await page.keyboard.press('Escape');
	await expect(dialog).toHaveCount(0);

	await line.getByTestId('ai-turn-open').click();
	const told = page.getByTestId('ai-turn-popover');
	await expect(told).toContainText('Respondeu');
	await expect(told).toContainText('Sentimento');
	await expect(told.getByTestId('ai-turn-calls')).toContainText(/\d+ lidos, \d+ escritos/);
	await expectFit(page);
	await snap(page, 'turn');
	await page.keyboard.press('Escape');
	await expect(told).toHaveCount(0);
	expect(asked, 'one request for all of the page').toHaveLength(1);

	await phone.write('Quero falar com um atendente, por favor');
	const over = page.locator('[data-testid="ai-turn"][data-outcome="handed_over"]');
	await expect(over).toContainText('Passou para a equipe', { timeout: 30_000 });

	const agent = await inboxOf('edu');
	await agent.page.goto(page.url());
	const theirs = agent.thread(customer).message('R$ 189').getByTestId('ai-turn');
	await theirs.getByTestId('ai-turn-open').click();
	await expect(agent.page.getByTestId('ai-turn-popover')).toContainText('Assunto');
	await expect(agent.page.getByTestId('ai-turn-calls'), 'what it cost is for who manages AI').toHaveCount(0);
});

test('an AI remembers what a customer says; a person sees it, corrects it, forgets it and brings it back', async ({
	inboxOf,
	phoneOf,
	customer
}) => {
	const phone = await phoneOf(customer, 'oficina');
	await phone.write('assistente');
	await expect(phone.bubble('Eu sou a Bia')).toBeVisible({ timeout: 30_000 });
	const inbox = await inboxOf('bruno');
	const { page } = inbox;
	const thread = await inbox.enter(customer);
	const facts = page.getByTestId('details-facts');
	await expect(facts).toContainText('Nada ainda');
	await phone.write('Tenho um Gol 2014. Quanto custa o alinhamento?');
	const fact = facts.getByTestId('contact-fact');
	await expect(fact, 'without a reload').toContainText('Tem um Gol 2014', { timeout: 30_000 });
	await expect(fact).toContainText('aprendido pela IA');
	await expectFit(page);
	await snap(page, 'facts');
	await fact.getByRole('button', { name: 'ver mensagem' }).click();
	await expect(thread.message('Tenho um Gol 2014')).toBeInViewport();

	await fact.hover();
	await fact.getByRole('button', { name: 'Corrigir: Tem um Gol 2014' }).click();
	await page.getByLabel('O que se sabe').fill('Tem um Gol 2015');
	await page.keyboard.press('Enter');
	await expect(fact).toContainText('Tem um Gol 2015');
	await expect(fact).not.toContainText('aprendido pela IA');
	await fact.hover();
	await fact.getByRole('button', { name: 'Esquecer: Tem um Gol 2015' }).click();
	await expect(fact).toHaveCount(0);
	await inbox.notice('Esquecido.').getByRole('button', { name: 'Desfazer' }).click();
	await expect(fact).toContainText('Tem um Gol 2015');

	await facts.getByRole('button', { name: 'Anotar algo' }).click();
	await page.getByLabel('O que se sabe').fill('CPF 529.982.247-25');
	await page.keyboard.press('Enter');
	await expect(facts.getByRole('alert')).toContainText('sem documento');
	await page.getByLabel('O que se sabe').fill('Prefere ir de manhã');
	await page.keyboard.press('Enter');
	await expect(fact).toHaveCount(2);
});
