import { expect, test } from './journey.ts';

test.describe('a model’s help where one writes', () => {
	test('an answer is suggested, rewritten, undone and translated, all by keys', async ({
		inboxOf,
		phoneOf,
		simulator,
		customer
	}) => {
		await simulator.write(customer, { text: 'Good morning, what is the price of the bread please?' });
		const thread = await (await inboxOf('caio')).enter(customer);
		const { page } = thread;
		const line = page.getByTestId('assist-line');
		await thread.log.press('r');
		await expect(thread.field).toBeFocused();

		await page.keyboard.press('Control+J');
		await expect(page.getByRole('menuitem', { name: 'Sugerir resposta' })).toBeVisible();
		await expect(page.getByRole('menuitem', { name: 'Mais curto' }), 'there is nothing to rewrite').toHaveCount(0);
		await page.keyboard.press('s');
		await expect(thread.field).toHaveValue(/\[simulated model\] \S+/);
		await expect(line).toHaveAttribute('data-state', 'written');
		await expect(thread.field).toBeFocused();
		await page.keyboard.press('Control+Z');
		await expect(thread.field).toHaveValue('');
		await expect(line).toHaveCount(0);

		await page.keyboard.type('bom dia, o pao está pronto');
		await page.keyboard.press('Control+J');
		await page.getByRole('menuitem', { name: 'Corrigir ortografia' }).waitFor();
		await page.keyboard.press('o');
		await expect(thread.field).toHaveValue('[modelo simulado] Bom dia, o pão está pronto.');
		await page.keyboard.press('Control+Z');
		await expect(thread.field).toHaveValue('bom dia, o pao está pronto');

		await page.keyboard.press('Control+J');
		await page.getByRole('menuitem', { name: 'Traduzir para o idioma do cliente' }).waitFor();
		await page.keyboard.press('t');
		await expect(thread.field).toHaveValue('[simulated model] good morning, the bread is ready');
		await page.keyboard.press('Enter');
		await expect((await phoneOf(customer)).bubble(/the bread is ready/)).toBeVisible();
	});

	test('what takes too long is stopped by Escape, and the draft is as it was', async ({
		inboxOf,
		simulator,
		customer,
		facts
	}) => {
		await simulator.write(customer, { text: 'Oi' });
		const thread = await (await inboxOf('caio')).enter(customer);
		const { page } = thread;
		await thread.log.press('r');
		await page.keyboard.type('Olá');
		await page.keyboard.press('Control+J');
		await page.getByRole('menuitem', { name: 'Mais formal' }).waitFor();
		await fetch(`${new URL(facts.model.base_url).origin}/_simulator/faults`, {
			method: 'POST',
			body: JSON.stringify({ endpoint: 'chat', piece_ms: 3_000 })
		});
		await page.keyboard.press('f');
		await expect(page.getByTestId('assist-line')).toHaveAttribute('data-state', 'working');
		await page.keyboard.press('Escape');
		await expect(page.getByTestId('assist-line')).toHaveCount(0);
		await expect(thread.field).toHaveValue('Olá');
		await expect(thread.field).toBeFocused();
	});

	test('a conversation is summarised, and what to do next is a key away from being done', async ({
		inboxOf,
		simulator,
		customer
	}) => {
		await simulator.write(customer, { text: 'Hello, please, I need the invoice today' });
		const thread = await (await inboxOf('caio')).enter(customer);
		const { page } = thread;
		await thread.log.press('r');
		await page.keyboard.press('Control+J');
		await page.getByRole('menuitem', { name: 'Resumir a conversa' }).waitFor();
		await page.keyboard.press('r');
		await expect(page.getByTestId('assist-told')).toContainText('O cliente escreveu: «Hello, please');
		await page.keyboard.press('Escape');
		await expect(page.getByTestId('assist-line')).toHaveCount(0);

		await page.keyboard.press('Control+J');
		await page.getByRole('menuitem', { name: 'O que fazer agora' }).waitFor();
		await page.keyboard.press('p');
		await expect(page.getByTestId('assist-line')).toContainText('waits for an answer');
		await page.getByTestId('assist-line').getByRole('button', { name: 'Sugerir resposta' }).click();
		await expect(thread.field).toHaveValue(/\[simulated model\] \S+/);
	});

	test('a received message is translated beneath it, for colleagues too', async ({ inboxOf, simulator, customer }) => {
		await simulator.write(customer, { text: 'Hello, please, I need the invoice today' });
		const thread = await (await inboxOf('caio')).enter(customer);
		const { page } = thread;
		const message = thread.message(/I need the invoice today/);
		await message.hover();
		await message.getByTestId('message-menu').click();
		await page.getByRole('menuitem', { name: 'Traduzir', exact: true }).click();
		await expect(message.getByTestId('translation')).toContainText('fatura hoje');

		const colleague = await (await inboxOf('sofia')).enter(customer);
		await expect(colleague.message(/I need the invoice today/).getByTestId('translation')).toContainText('fatura hoje');
	});

	test('when AI is switched off, whoever asks reads so, and their text is as it was', async ({
		inboxOf,
		simulator,
		customer,
		sql
	}) => {
		await simulator.write(customer, { text: 'Oi' });
		const thread = await (await inboxOf('caio')).enter(customer);
		const { page } = thread;
		await thread.log.press('r');
		await page.keyboard.type('Olá');
		const [tenant] = await sql<{ id: string }[]>`select id from public.tenants where slug = 'padaria'`;
		const id = tenant?.id ?? '';
		await sql`
			insert into public.ai_settings (tenant_id, enabled) values (${id}, false)
			on conflict (tenant_id) do update set enabled = false`;
		try {
			await page.keyboard.press('Control+J');
			await page.getByRole('menuitem', { name: 'Mais curto' }).waitFor();
			await page.keyboard.press('c');
			await expect(page.getByRole('alert')).toContainText('A IA está desligada nesta empresa');
			await expect(thread.field).toHaveValue('Olá');
		} finally {
			await sql`update public.ai_settings set enabled = true where tenant_id = ${id}`;
		}
	});
});
