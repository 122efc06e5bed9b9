import { expect, test } from './journey.ts';

test('a canned response is found by a slash, filled in and sent, all by keys', async ({
	inboxOf,
	phoneOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Quero a nota fiscal' });
	const thread = await (await inboxOf('caio')).enter(customer);
	const { page } = thread;
	await thread.log.press('r');
	await expect(thread.field).toBeFocused();
	await page.keyboard.type('/nóta');
	const list = page.getByRole('listbox', { name: 'Respostas rápidas' });
	await expect(list.getByRole('option', { name: /Nota fiscal/ })).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('Enter');

	// What isn't known of the customer is selected: it can't be sent, and the next letters take its place.
	await expect(thread.field).toHaveValue(/O e-mail é \{\{contact_attribute\.email\}\}\?$/);
	await expect(page.getByTestId('gaps')).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(thread.message(/Para emitir a nota/)).toHaveCount(0);
	await page.keyboard.type('lucia@exemplo.com.br');
	await page.keyboard.press('Enter');
	await expect((await phoneOf(customer)).bubble(/O e-mail é lucia@exemplo\.com\.br\?/)).toBeVisible();
});

test('a note is for colleagues alone; each draft waits where it was left, also after a reload', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Posso pagar depois?' });
	const inbox = await inboxOf('caio');
	const thread = await inbox.enter(customer);
	const { page } = thread;
	await thread.log.press('r');
	await page.keyboard.type('Pode sim, até');
	await page.keyboard.press('Escape');
	await thread.log.press('n');
	const note = page.getByRole('textbox', { name: 'Nota interna para a equipe' });
	await expect(note).toBeFocused();
	await page.keyboard.type('Sempre paga na sexta');
	await page.keyboard.press('Enter');
	await expect(thread.message('Sempre paga na sexta')).toBeVisible();
	expect((await simulator.chat(customer)).filter(({ direction }) => direction === 'out')).toEqual([]);

	await page.getByRole('tab', { name: 'Responder' }).click();
	await expect(thread.field).toHaveValue('Pode sim, até');
	await page.reload();
	await expect(thread.field).toHaveValue('Pode sim, até');
});

test('a message is scheduled by keys, waits in the thread and goes to the phone', async ({
	inboxOf,
	phoneOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Me avisa amanhã?' });
	const thread = await (await inboxOf('caio')).enter(customer);
	const { page } = thread;
	await thread.log.press('r');
	await page.keyboard.type('Bom dia! Seu bolo está pronto.');
	await page.keyboard.press('Control+Shift+L');
	await page.getByRole('menuitem', { name: /Em 1 hora/ }).waitFor();
	await page.keyboard.press('1');
	const waiting = page.getByTestId('scheduled');
	await expect(waiting).toContainText('Bom dia! Seu bolo está pronto.');
	await expect(thread.field).toHaveValue('');
	// An hour passes.
	await sql`
		with due as (
			update public.scheduled_messages set send_at = now()
			where content ->> 'text' = 'Bom dia! Seu bolo está pronto.' and status = 'scheduled'
			returning id
		)
		select graphile_worker.add_job(
			'scheduled_message__send', json_build_object('scheduled_message_id', id), job_key => 'scheduled:' || id
		)
		from due`;
	await expect((await phoneOf(customer)).bubble('Bom dia! Seu bolo está pronto.')).toBeVisible();
	await expect(waiting).toHaveCount(0);
	await expect(thread.message('Bom dia! Seu bolo está pronto.')).toHaveCount(1);
});

test('words are changed, compared and taken back; a table comes in with its bad lines told, and goes out', async ({
	inboxOf
}) => {
	const { page } = await inboxOf('ana');
	await page.goto('/padaria/settings/canned-responses');
	await expect(page.getByRole('heading', { name: 'Respostas rápidas', level: 2 })).toBeVisible();
	const mark = Date.now().toString(36);

	// A table: two good lines, two bad ones, nothing saved until it is asked for.
	await page.getByRole('button', { name: 'Importar respostas de um CSV' }).click();
	const table = page.getByRole('dialog', { name: 'Importar respostas de um CSV' });
	await table.getByTestId('canned-file').setInputFiles({
		name: 'respostas.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from(
			`Atalho;Título;Mensagem\nfrete-${mark};Frete ${mark};Frete grátis acima de 50 reais\nvale-${mark};Vale ${mark};Aceitamos vale\nruim!;X;Y\nvar-${mark};V;Oi {{contact.nome}}\n`
		)
	});
	await expect(table.getByTestId('canned-counts')).toHaveText(/novas: 2\s*recusadas: 2/);
	await expect(table.getByRole('listitem').filter({ hasText: 'Linha 5' })).toContainText('variável que não existe');
	await table.getByRole('button', { name: 'Importar 2 linhas' }).click();
	await expect(table.getByRole('heading', { name: 'O que aconteceu' })).toBeVisible();
	const reporting = page.waitForEvent('download');
	await table.getByRole('button', { name: 'Baixar relatório' }).click();
	expect((await reporting).suggestedFilename()).toBe('relatorio.csv');
	await table.getByRole('button', { name: 'Concluir' }).click();

	// Its words are changed, and each version says by whom and what.
	const row = page.getByTestId('canned-response').filter({ hasText: `/frete-${mark}` });
	await row.click();
	const editor = page.getByRole('dialog', { name: `Frete ${mark}` });
	await editor.getByRole('textbox', { name: 'Texto' }).fill('Frete grátis acima de 80 reais');
	await editor.getByRole('button', { name: 'Salvar' }).click();
	await expect(editor).toHaveCount(0);
	await row.click();
	await editor.getByRole('tab', { name: 'Versões' }).click();
	await expect(editor.getByTestId('canned-versions')).toContainText('Ana Ribeiro');
	const difference = editor.getByTestId('canned-difference');
	await expect(difference.locator('del')).toHaveText('50');
	await expect(difference.locator('ins')).toHaveText('80');
	await editor.getByRole('button', { name: /^Versão 1/ }).click();
	await editor.getByRole('button', { name: 'Restaurar a versão 1' }).click();
	await expect(editor.getByRole('textbox', { name: 'Texto' })).toHaveValue('Frete grátis acima de 50 reais');
	await page.keyboard.press('Escape');

	const exporting = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Exportar todas em CSV' }).click();
	const file = await (await exporting).createReadStream();
	let text = '';
	for await (const chunk of file) text += String(chunk);
	expect(text).toContain(`frete-${mark};Frete ${mark};;Frete grátis acima de 50 reais`);
});

test('a file kept with a response goes with its words, and comes back with an earlier version', async ({
	inboxOf,
	phoneOf,
	simulator,
	customer
}) => {
	const { page } = await inboxOf('sofia');
	await page.goto('/padaria/settings/canned-responses');
	await expect(page.getByRole('heading', { name: 'Respostas rápidas', level: 2 })).toBeVisible();
	const mark = Date.now().toString(36);
	await page.getByRole('button', { name: 'Nova resposta' }).click();
	const fresh = page.getByRole('dialog', { name: 'Nova resposta' });
	await fresh.getByRole('textbox', { name: 'Título' }).fill(`Vitrine ${mark}`);
	await fresh.getByRole('textbox', { name: 'Atalho' }).fill(`vitrine-${mark}`);
	await fresh.getByRole('textbox', { name: 'Texto' }).fill('Olha o que saiu do forno!');
	await fresh
		.getByTestId('canned-attach')
		.setInputFiles(new URL('../../simulators/whatsapp/samples/bolo.jpg', import.meta.url).pathname);
	await expect(fresh.getByTestId('attachment')).toContainText('bolo.jpg');
	await fresh.getByRole('button', { name: 'Salvar' }).click();
	await expect(fresh).toHaveCount(0);
	const row = page.getByTestId('canned-response').filter({ hasText: `/vitrine-${mark}` });
	await expect(row).toContainText('1 anexo');

	// A colleague finds it by its slash, sees what goes with it, and sends both by one Enter.
	await simulator.write(customer, { text: 'O que tem hoje?' });
	const caio = await inboxOf('caio');
	const thread = await caio.enter(customer);
	await thread.log.press('r');
	await caio.page.keyboard.type(`/vitrine-${mark}`);
	await expect(caio.page.getByTestId('suggest-preview')).toContainText('bolo.jpg');
	await caio.page.keyboard.press('Enter');
	await expect(thread.pane.getByTestId('attachment')).toContainText('bolo.jpg');
	await expect(thread.field).toHaveValue('Olha o que saiu do forno!');
	await caio.page.keyboard.press('Enter');
	await expect(thread.message('Olha o que saiu do forno!').getByRole('img')).toBeVisible();
	await expect((await phoneOf(customer)).bubble('Olha o que saiu do forno!').locator('img')).toBeVisible();
	const sent = (await simulator.chat(customer)).filter(({ direction }) => direction === 'out');
	expect(sent.map(({ kind }) => kind)).toEqual(['image']);

	// Taken out, and taken back with the version that had it.
	await row.click();
	const editor = page.getByRole('dialog', { name: `Vitrine ${mark}` });
	await editor.getByRole('button', { name: 'Retirar bolo.jpg' }).click();
	await editor.getByRole('button', { name: 'Salvar' }).click();
	await expect(editor).toHaveCount(0);
	await expect(row).not.toContainText('anexo');
	await row.click();
	await editor.getByRole('tab', { name: 'Versões' }).click();
	await expect(editor.getByRole('list', { name: 'Arquivos' }).locator('del')).toHaveText('bolo.jpg');
	await editor.getByRole('button', { name: /^Versão 1/ }).click();
	await editor.getByRole('button', { name: 'Restaurar a versão 1' }).click();
	await expect(editor.getByTestId('attachment')).toContainText('bolo.jpg');
	await expect(editor.getByRole('img', { name: 'bolo.jpg' })).toBeVisible();
});
