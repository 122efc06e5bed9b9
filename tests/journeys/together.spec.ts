import { expect, test } from './journey.ts';

// Two browsers and many steps each.
test.slow();

test('two who write to one customer are told of each other, are asked once, and lose nothing', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Ainda dá para trocar o bolo?' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	const hers = await sofia.enter(customer);
	const mine = await ana.enter(customer);
	const crossing = mine.pane.getByTestId('crossing');

	await mine.field.fill('Dá sim, qual você prefere?');
	// She has begun and thinks: nobody is asked because of her.
	await expect(hers.pane.getByTestId('typist')).toBeVisible();
	await expect(hers.pane.getByTestId('typist')).toBeHidden();
	await hers.field.pressSequentially('Claro!');
	await expect(crossing).toContainText(/Sofia .*está escrevendo uma resposta/);
	await expect(ana.row(customer)).toContainText('está vendo esta conversa');

	await hers.answer('Claro! Anotei chocolate.');
	await expect(crossing).toContainText(/Sofia .*já respondeu: “Claro! Anotei chocolate\.”/);
	await mine.field.press('Enter');
	await expect(crossing).toContainText('Enviar a sua resposta também?');
	await expect(mine.pane.getByTestId('cross-look')).toBeFocused();
	// A second Enter looks; it does not send.
	await mine.page.keyboard.press('Enter');
	await expect(mine.field).toBeFocused();
	await expect(mine.field).toHaveValue('Dá sim, qual você prefere?');
	await expect(mine.message('Dá sim')).toHaveCount(0);

	// What was seen is not asked about again.
	await mine.field.press('Enter');
	await expect(mine.message('Dá sim, qual você prefere?')).toHaveCount(1);
	await expect(crossing).toBeHidden();
	await expect
		.poll(async () => (await simulator.chat(customer)).filter(({ direction }) => direction === 'out').length)
		.toBe(2);
});

test('a colleague with a file ready, and no word typed, is told of too; what was made meanwhile waits for a word', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Me manda o cardápio?' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	const hers = await sofia.enter(customer);
	const mine = await ana.enter(customer);
	const crossing = mine.pane.getByTestId('crossing');
	await hers.pick({ name: 'cardapio.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 cardapio') });
	await expect(hers.attachment('cardapio.pdf')).toBeVisible();

	// Nothing typed here either: a place is chosen to be sent.
	const form = await mine.form('Localização');
	await form.getByRole('textbox', { name: 'Latitude' }).fill('-23.55');
	await form.getByRole('textbox', { name: 'Longitude' }).fill('-46.63');
	await form.getByRole('button', { name: 'Enviar' }).click();
	await expect(form).toHaveCount(0);
	await expect(crossing).toContainText(/Sofia .*tem arquivos prontos para enviar/);
	await expect(crossing).toContainText('Enviar a sua resposta também?');
	expect((await simulator.chat(customer)).filter(({ direction }) => direction === 'out')).toEqual([]);
	await mine.pane.getByTestId('cross-look').click();
	const held = mine.pane.getByTestId('held');
	await expect(held).toContainText('Localização');

	await hers.tray.getByRole('button', { name: 'Retirar cardapio.pdf' }).click();
	await expect(crossing).toBeHidden();
	await held.getByRole('button', { name: 'Enviar' }).click();
	await expect(held).toHaveCount(0);
	await expect
		.poll(async () => (await simulator.chat(customer)).filter(({ direction }) => direction === 'out').length)
		.toBe(1);
});

test('a draft outlives a colleague who closes the conversation meanwhile', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Obrigada!' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	const hers = await sofia.enter(customer);
	const mine = await ana.enter(customer);
	await mine.field.fill('Nós que agradecemos');
	await expect(hers.log).toBeVisible();
	await sofia.page.keyboard.press('e');
	await expect(mine.pane.getByText('O seu rascunho está guardado.')).toBeVisible();
	await mine.pane.getByTestId('composer-reopen').click();
	await expect(mine.field).toHaveValue('Nós que agradecemos');
});

test('two conversations of a customer become one by keys, for everybody, and two again by undo', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Primeiro pedido' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	await (await ana.enter(customer)).button('Encerrar').click();
	await expect(ana.row(customer)).toHaveCount(0);
	await simulator.write(customer, { text: 'Segundo pedido' });
	const thread = await ana.enter(customer);
	await expect(thread.message('Segundo pedido')).toBeVisible();
	const hers = await sofia.enter(customer);

	await ana.page.keyboard.press('Shift+J');
	const dialog = ana.page.getByRole('dialog', { name: 'Unir conversas' });
	await expect(dialog.getByTestId('merge-with')).toHaveCount(1);
	await dialog.getByTestId('merge-with').press('Enter');
	await expect(dialog.getByRole('region', { name: 'Continua' })).toContainText('Segundo pedido');
	await expect(dialog.getByRole('region', { name: 'Passa a fazer parte dela' })).toContainText('Primeiro pedido');
	await dialog.getByRole('button', { name: 'Unir', exact: true }).press('Enter');
	await expect(dialog).toBeHidden();

	const part = hers.log.getByTestId('part');
	await expect(part).toContainText('Primeiro pedido');
	await part.getByTestId('part-show').click();
	await expect(part.getByTestId('message').filter({ hasText: 'Primeiro pedido' })).toBeVisible();
	await expect(hers.log.getByTestId('activity').filter({ hasText: 'uniu outra conversa a esta' })).toBeVisible();

	// Looking for words looks into the part too, and opens it where they stand.
	await thread.log.press('Control+f');
	await thread.pane.getByRole('textbox', { name: 'Buscar nesta conversa' }).fill('primeiro');
	const here = thread.log.getByTestId('part');
	await expect(here.getByTestId('part-show')).toHaveAttribute('aria-expanded', 'true');
	await expect(here.getByTestId('message').filter({ hasText: 'Primeiro pedido' })).toBeInViewport();
	await ana.page.keyboard.press('Escape');

	await ana.notice('unida').getByRole('button', { name: 'Desfazer' }).click();
	await expect(part).toHaveCount(0);
	await expect(thread.log.getByTestId('part')).toHaveCount(0);
	await expect(thread.message('Segundo pedido')).toBeVisible();
});

test('on a phone one finds words and days in a conversation by buttons', async ({ inboxOf, simulator, customer }) => {
	for (const text of ['Bolo de cenoura', 'Ou de laranja']) await simulator.write(customer, { text });
	const ana = await inboxOf('ana', { viewport: { width: 390, height: 844 } });
	const thread = await ana.enter(customer);
	const more = thread.pane.getByTestId('conversation-more');
	await more.click();
	await ana.page.getByRole('menuitem', { name: 'Buscar nesta conversa' }).click();
	await thread.pane.getByRole('textbox', { name: 'Buscar nesta conversa' }).fill('cenoura');
	await expect(thread.pane.getByTestId('find-place')).toContainText('1');
	await ana.page.keyboard.press('Escape');
	await more.click();
	await ana.page.getByRole('menuitem', { name: 'Ir para uma data' }).click();
	await expect(thread.pane.getByLabel('Ir para uma data')).toBeFocused();
});
