import { expect, test } from './journey.ts';

test.slow();

test('an AI agent is made, taught, tried and published; it answers a customer, and hands over with a reason', async ({
	inboxOf,
	phoneOf,
	customer,
	sql
}) => {
	const inbox = await inboxOf('bruno');
	const { page } = inbox;
	const word = `cromagem${Date.now()}`;
	const name = `Téo ${word}`;
	try {
		await page.goto('/oficina/settings/ai');
		await expect(page.getByTestId('ai-agent').filter({ hasText: 'Bia' })).toContainText('Assistente virtual');
		await page.getByRole('button', { name: 'Novo agente de IA' }).click();
		const dialog = page.getByRole('dialog', { name: 'Novo agente de IA' });
		await dialog.getByLabel('Nome do agente').fill(name);
		await dialog.getByRole('button', { name: 'Criar agente' }).click();
		await expect(page.getByRole('heading', { name })).toBeVisible();
		const editor = page.url();

		await page.goto('/oficina/settings/ai/knowledge');
		await page.getByRole('button', { name: 'Ensinar algo' }).click();
		const teach = page.getByRole('dialog', { name: 'Ensinar algo' });
		await teach.getByLabel('Título').fill(`Serviço de ${word}`);
		await teach
			.getByRole('textbox', { name: 'Texto' })
			.fill(`O serviço de ${word} custa R$ 850 e leva três dias. O pagamento é na entrega.`);
		await teach.getByRole('button', { name: 'Salvar' }).click();
		await expect(page.getByTestId('ai-document').filter({ hasText: word })).toContainText('1 pedaço', {
			timeout: 30_000
		});
		await page.getByLabel('O que o agente acharia').fill(`quanto custa ${word}?`);
		await page.getByRole('button', { name: 'Procurar' }).click();
		await expect(page.getByTestId('ai-found').locator('mark').filter({ hasText: word })).toBeVisible();

		await page.goto(editor);
		await page.getByLabel('Persona').fill('Você é o Téo, da oficina.');
		await page.getByLabel('Espera antes de responder (s)').fill('0');
		const trial = page.getByTestId('ai-trial');
		await trial.getByLabel('Mensagem do cliente de teste').fill(`Quanto custa o serviço de ${word}?`);
		await trial.getByRole('button', { name: 'Enviar ao rascunho' }).click();
		const answer = trial.getByTestId('ai-trial-answer');
		await expect(answer).toContainText('R$ 850', { timeout: 30_000 });
		await expect(answer).toContainText(`Fonte: Serviço de ${word}`);
		await expect(answer).toContainText('tokens');

		await page.getByRole('button', { name: 'Publicar' }).click();
		const publish = page.getByRole('dialog', { name: `Publicar ${name}?` });
		await publish.getByLabel('O que mudou (opcional)').fill('A primeira');
		await publish.getByRole('button', { name: 'Publicar' }).click();
		await expect(publish).toHaveCount(0);
		await page.getByRole('button', { name: 'Versões' }).click();
		await expect(page.getByTestId('ai-version')).toContainText('A primeira');
		await page.keyboard.press('Escape');

		const phone = await phoneOf(customer, 'oficina');
		await phone.write(`Quanto custa o serviço de ${word}?`);
		await expect(phone.bubble('R$ 850')).toBeVisible({ timeout: 30_000 });
		await expect(phone.bubble('[modelo simulado]')).toBeVisible();
		await phone.write('Quero falar com um atendente, por favor');
		await inbox.open();
		const thread = await inbox.enter(customer);
		await expect(thread.page.getByText('A IA passou a conversa para a equipe.')).toBeVisible({ timeout: 30_000 });
		await expect(thread.page.getByText('Motivo: O cliente precisa de uma pessoa.')).toBeVisible();

		await page.goto('/oficina/settings/ai/calls');
		const call = page.getByTestId('ai-call').filter({ hasText: name }).filter({ hasText: 'conversa' }).first();
		await expect(call).toContainText('Respondida');
	} finally {
		await sql`delete from public.ai_documents where title = ${`Serviço de ${word}`}`;
		await sql`update public.ai_agents set published_version_id = null where name = ${name}`;
	}
});

test('a key is kept, shown by its end alone, and forgotten', async ({ inboxOf, sql }) => {
	await sql`delete from private.ai_keys`;
	const { page } = await inboxOf('ana');
	await page.goto('/padaria/settings/ai/provider');
	const requests: string[] = [];
	page.on('response', (response) => {
		void response.text().then(
			(body) => requests.push(body),
			() => {}
		);
	});
	await page.getByLabel('Chave', { exact: true }).fill('sk-segredo-da-padaria-9876');
	await page.getByRole('button', { name: 'Guardar chave' }).click();
	await expect(page.getByTestId('ai-key')).toContainText('9876');
	await page.reload();
	await expect(page.getByTestId('ai-key')).toContainText('9876');
	expect(requests.join('\n')).not.toContain('segredo-da-padaria');
	expect(await page.content()).not.toContain('segredo-da-padaria');
	await page.getByRole('button', { name: 'Esquecer chave' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Esquecer chave' }).click();
	await expect(page.getByTestId('ai-key')).toHaveCount(0);
});
