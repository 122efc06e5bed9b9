import { expect, test } from './journey.ts';

test('Shift+Enter breaks the line and Enter sends what was written, as it was written', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Qual o horário?' });
	const phone = await phoneOf(customer);
	const thread = await (await inboxOf('ana')).enter(customer);

	await thread.field.pressSequentially('Abrimos às 6 h');
	await thread.field.press('Shift+Enter');
	await thread.field.pressSequentially('*Fechamos* às 20 h <3');
	await expect(thread.message()).toHaveCount(1);
	await thread.field.press('Enter');

	await expect(thread.field).toHaveValue('');
	await expect(thread.message(/Abrimos às 6 h\s+Fechamos às 20 h <3/)).toHaveCount(1);
	await expect(phone.bubble(/Abrimos às 6 h\s+Fechamos às 20 h <3/)).toHaveCount(1);
	const [, answer] = await simulator.chat(customer);
	expect(answer?.content['body']).toBe('Abrimos às 6 h\n*Fechamos* às 20 h <3');
});

test('however impatiently one clicks and presses Enter, the message is sent once', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Oi?' });
	const phone = await phoneOf(customer);
	const thread = await (await inboxOf('ana')).enter(customer);

	await thread.field.fill('Oi! Já respondo.');
	await thread.send.dblclick();
	await thread.field.fill('Pronto, respondi.');
	for (let i = 0; i < 5; i++) await thread.field.press('Enter');

	await expect(phone.bubble('Pronto, respondi.')).toBeVisible();
	await expect(thread.message('Pronto, respondi.')).toHaveAttribute('data-status', 'read');
	const answers = (await simulator.chat(customer)).filter(({ direction }) => direction === 'out');
	expect(answers.map(({ content }) => content['body'])).toEqual(['Oi! Já respondo.', 'Pronto, respondi.']);
	await expect(thread.message()).toHaveCount(3);
});

test('an answer that was begun is still there after looking elsewhere and after a reload', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Igor');
	await simulator.write(other, { text: 'Tudo bem?' });
	await simulator.write(customer, { text: 'Quanto custa?' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.field.fill('O bolo de cenoura custa');

	const elsewhere = await ana.enter(other);
	await expect(elsewhere.field).toHaveValue('');
	await ana.enter(customer);
	await expect(thread.field).toHaveValue('O bolo de cenoura custa');
	await ana.page.reload();
	await expect(thread.field).toHaveValue('O bolo de cenoura custa');
});

test('a quoted answer shows what it answers, on both sides', async ({ phoneOf, inboxOf, customer }) => {
	const phone = await phoneOf(customer);
	await phone.write('Tem sem glúten?');
	await phone.write('E sem lactose?');
	const thread = await (await inboxOf('ana')).enter(customer);

	const question = thread.message('Tem sem glúten?');
	await question.hover();
	await question.getByRole('button', { name: 'Responder a esta mensagem' }).click();
	await expect(thread.pane.getByText(`Em resposta a ${customer.name}`)).toBeVisible();
	await expect(thread.field).toBeFocused();
	await thread.answer('Temos, sim!');

	const answer = thread.message('Temos, sim!');
	await expect(answer.getByRole('button', { name: 'Tem sem glúten?' })).toBeVisible();
	const onPhone = phone.bubble('Temos, sim!');
	await expect(onPhone.getByRole('button', { name: 'Tem sem glúten?' })).toBeVisible();

	await phone.choose(onPhone, 'Responder');
	await phone.write('Que ótimo');
	await expect(thread.message('Que ótimo').getByRole('button', { name: 'Temos, sim!' })).toBeVisible();
});

test('a message that WhatsApp refuses says why, and can be sent again', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Alguém aí?' });
	const phone = await phoneOf(customer);
	const thread = await (await inboxOf('ana')).enter(customer);

	await simulator.faults({ refuse: 1, refuse_code: 131026 });
	await thread.answer('Estamos aqui');
	const answer = thread.message('Estamos aqui');
	await expect(answer).toHaveAttribute('data-status', 'failed');
	await expect(answer.getByRole('alert')).toContainText(/^\s*Não foi enviada\. \S.+\./);
	await simulator.faults({ refuse: 0 });
	await answer.getByRole('button', { name: 'Enviar de novo' }).click();
	await expect(phone.bubble('Estamos aqui')).toHaveCount(1);
	await expect(answer).toHaveAttribute('data-status', 'read');
	await expect(answer.getByRole('alert')).toBeHidden();
});

test('a closed conversation cannot be answered until it is reopened', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Obrigada por tudo' });
	const thread = await (await inboxOf('ana')).enter(customer);
	await thread.button('Encerrar').click();

	await expect(thread.pane.getByText('Esta conversa está encerrada.')).toBeVisible();
	await expect(thread.field).toBeHidden();
	await thread.pane.getByText('Esta conversa está encerrada.').locator('..').getByRole('button').click();
	await expect(thread.field).toBeVisible();
	await thread.answer('Volte sempre!');
	await expect(thread.message('Volte sempre!')).toHaveAttribute('data-status', 'delivered');
});

test('once the window of 24 hours is over the field gives way to the reason', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Até amanhã' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.field).toBeVisible();
	await sql`
		update public.conversations set window_expires_at = now() + interval '90 minutes' where id = ${ana.conversationId}`;
	await expect(thread.pane.getByTestId('window-left')).toHaveText(/^\s*1 h [23]\d\s*$/);

	await sql`
		update public.conversations set window_expires_at = now() - interval '1 minute' where id = ${ana.conversationId}`;
	await expect(thread.pane.getByText('A janela de resposta fechou.')).toBeVisible();
	await expect(thread.field).toBeHidden();
	await simulator.write(customer, { text: 'Voltei' });
	await expect(thread.field).toBeVisible();
});

test('someone who may only read is told so in place of the field', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Bom dia' });
	const thread = await (await inboxOf('vera')).enter(customer);
	await expect(thread.pane.getByText('Seu perfil permite ler, mas não responder.')).toBeVisible();
	await expect(thread.field).toBeHidden();
	await expect(thread.button('Encerrar')).toBeHidden();
});
