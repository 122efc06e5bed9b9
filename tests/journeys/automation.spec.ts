import { expect, test } from './journey.ts';

test('a rule has been to a message before an agent sees it', async ({ inboxOf, simulator, customer }) => {
	// "Reclamação é urgente", of the demo company.
	await simulator.write(customer, { text: 'Tenho uma reclamação sobre o bolo' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.log).toContainText('apareceu: responda antes das outras');
});

test('several conversations are closed at once, and all of them come back', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Otávio');
	await simulator.write(customer, { text: 'Só um recado' });
	await simulator.write(other, { text: 'Outro recado' });
	const ana = await inboxOf('ana');
	await expect(ana.row(customer)).toBeVisible();
	await expect(ana.row(other)).toBeVisible();

	await ana.row(customer).click({ modifiers: ['ControlOrMeta'] });
	await ana.row(other).click({ modifiers: ['ControlOrMeta'] });
	await ana.list.getByTestId('bulk-close').click();
	await expect(ana.row(customer)).toHaveCount(0);
	await expect(ana.row(other)).toHaveCount(0);
	await ana
		.notice('Conversas alteradas: 2')
		.getByRole('button', { name: /Desfazer/ })
		.click();
	await expect(ana.row(customer)).toBeVisible();
	await expect(ana.row(other)).toBeVisible();
});

test('what one does in a conversation is recorded, saved as a macro, and done again in another', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Otília');
	await simulator.write(customer, { text: 'Quero gravar' });
	await simulator.write(other, { text: 'Quero repetir' });
	const ana = await inboxOf('ana');
	const { page } = ana;
	const thread = await ana.enter(customer);

	await page.keyboard.press('Shift+R');
	await expect(page.getByTestId('recording')).toBeVisible();
	await thread.button('Atribuir a mim').click();
	await expect(ana.notice('A conversa é sua.')).toBeVisible();
	await page.getByTestId('recording').getByRole('button', { name: 'Parar e salvar' }).click();
	const dialog = page.getByRole('dialog', { name: 'Macro gravada' });
	await expect(dialog.getByTestId('action')).toHaveCount(1);
	const name = `Assumir ${Date.now()}`;
	await dialog.getByLabel('Nome da macro').fill(name);
	await dialog.getByRole('button', { name: 'Salvar' }).click();
	await expect(dialog).toHaveCount(0);

	await ana.enter(other);
	await page.keyboard.press('Control+K');
	await page.getByRole('dialog').getByRole('combobox').fill(name);
	await page.getByRole('option', { name: new RegExp(name) }).click();
	await expect(ana.row(other)).toContainText('Com Ana Ribeiro');
});

test('closing asks for what the company requires, and closes once it is said', async ({
	inboxOf,
	simulator,
	customer
}) => {
	// The demo garage wants to know the service before a conversation is closed.
	await simulator.write(customer, { text: 'O freio está chiando' }, 'oficina');
	const bruno = await inboxOf('bruno');
	const thread = await bruno.enter(customer);
	await thread.button('Encerrar').click();
	const dialog = bruno.page.getByRole('dialog', { name: 'Antes de encerrar' });
	await expect(dialog.getByRole('button', { name: 'Salvar e encerrar' })).toBeDisabled();
	await dialog.getByLabel('Serviço').selectOption('Freios');
	await dialog.getByRole('button', { name: 'Salvar e encerrar' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(bruno.row(customer)).toHaveCount(0);
	await bruno.view('Encerradas');
	await expect(bruno.row(customer)).toBeVisible();
});

test('a macro is run by keys on one conversation, and looked at before it runs on many', async ({
	inboxOf,
	phoneOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Otaviana');
	await simulator.write(customer, { text: 'Quero encomendar um bolo' });
	await simulator.write(other, { text: 'Quero encomendar pães' });
	const ana = await inboxOf('ana');
	const { page } = ana;
	const thread = await ana.enter(customer);

	await thread.log.press(';');
	await page.keyboard.press(';');
	const search = page.getByRole('combobox', { name: 'Executar macro' });
	await expect(search).toBeFocused();
	await expect(page.getByTestId('action-sentences')).toContainText('Sua encomenda foi anotada');
	await page.keyboard.press('Enter');
	await expect((await phoneOf(customer)).bubble(/Sua encomenda foi anotada/)).toBeVisible();

	await ana.row(customer).click({ modifiers: ['ControlOrMeta'] });
	await ana.row(other).click({ modifiers: ['ControlOrMeta'] });
	await ana.list.getByRole('button', { name: 'Executar macro' }).click();
	await page.getByRole('menuitem', { name: 'Agradecer e encerrar' }).click();
	const preview = page.getByRole('dialog', { name: /Agradecer e encerrar.*em 2 conversas/ });
	await expect(preview).toContainText('Nós que agradecemos');
	await expect(preview.getByText('Verificado em 2 delas: tudo pode ser feito.')).toBeVisible();
	await preview.getByRole('button', { name: 'Executar macro' }).click();
	await expect(ana.row(customer)).toHaveCount(0);
	await expect(ana.row(other)).toHaveCount(0);
});
