import { expect, test } from './journey.ts';

test('what one takes leaves the others’ list of what nobody has, as it happens, and undoing brings it back', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Quem me atende?' });
	const [caio, ana] = [await inboxOf('caio'), await inboxOf('ana')];
	await caio.view('Não atribuídas');
	await expect(caio.row(customer)).toBeVisible();

	const thread = await ana.enter(customer);
	await thread.button('Atribuir a mim').click();
	await expect(ana.notice('A conversa é sua.')).toBeVisible();
	await expect(caio.row(customer)).toHaveCount(0);
	await caio.view('Todas');
	await expect(caio.row(customer)).toHaveCount(0);
	await ana.view('Minhas');
	await expect(ana.row(customer)).toContainText('Com Ana Ribeiro');

	await ana.notice('A conversa é sua.').getByRole('button', { name: 'Desfazer' }).click();
	await expect(caio.row(customer)).toBeVisible();
	await expect(ana.row(customer)).toHaveCount(0);
});

test('a conversation that is given to a colleague appears among theirs', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Pode ser o Caio?' });
	const [caio, ana] = [await inboxOf('caio'), await inboxOf('ana')];
	await caio.view('Minhas');
	await expect(caio.row(customer)).toHaveCount(0);

	const thread = await ana.enter(customer);
	await thread.button('Atribuir a…').click();
	await ana.page.getByTestId('assign-person').filter({ hasText: 'Caio Duarte' }).click();
	await expect(ana.notice('Conversa atribuída a Caio Duarte.')).toBeVisible();
	await expect(caio.row(customer)).toBeVisible();
	const seenByCaio = await caio.enter(customer);
	await seenByCaio.answer('Sou eu mesmo!');
	await expect(thread.message('Sou eu mesmo!')).toContainText('Caio Duarte');
});

test('closing takes a conversation off everybody’s list, and both undo and reopening bring it back', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Era só isso' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	await expect(sofia.row(customer)).toBeVisible();
	const thread = await ana.enter(customer);

	await thread.button('Encerrar').click();
	await expect(sofia.row(customer)).toHaveCount(0);
	await ana.notice('Conversa encerrada.').getByRole('button', { name: 'Desfazer' }).click();
	await expect(sofia.row(customer)).toBeVisible();

	await thread.button('Encerrar').click();
	await expect(sofia.row(customer)).toHaveCount(0);
	await sofia.view('Encerradas');
	const seenBySofia = await sofia.enter(customer);
	await seenBySofia.button('Reabrir').first().click();
	await expect(ana.row(customer)).toBeVisible();
	await expect(thread.field).toBeVisible();
});

test('a customer who writes after the end begins another conversation', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Primeira vez' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.button('Encerrar').click();
	await expect(ana.row(customer)).toHaveCount(0);

	await simulator.write(customer, { text: 'Segunda vez' });
	await expect(ana.row(customer)).toContainText('Segunda vez');
	await ana.enter(customer);
	await expect(thread.message()).toHaveText([/Segunda vez/]);
});

test('colleagues see who looks at a conversation and who types in it, and when they stop', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Tem alguém?' });
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	const seenBySofia = await sofia.enter(customer);
	const thread = await ana.enter(customer);
	await expect(seenBySofia.pane.getByText('Ana Ribeiro está vendo esta conversa')).toBeVisible();

	await thread.field.pressSequentially('Tem sim');
	await expect(seenBySofia.pane.getByText('Ana Ribeiro está digitando…')).toBeVisible();
	await expect(sofia.row(customer)).toContainText('Ana Ribeiro está digitando…');
	await thread.field.press('Enter');
	await expect(seenBySofia.message('Tem sim')).toBeVisible();
	await expect(seenBySofia.pane.getByText('Ana Ribeiro está digitando…')).toBeHidden();

	await ana.page.context().close();
	await expect(seenBySofia.pane.getByText('Ana Ribeiro está vendo esta conversa')).toBeHidden();
});

test('unread messages are counted for everybody, and reading them settles it for everybody', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const [sofia, ana] = [await inboxOf('sofia'), await inboxOf('ana')];
	for (const text of ['Oi', 'Está aí?', 'Alô']) await simulator.write(customer, { text });
	await expect(sofia.row(customer)).toContainText('3 não lidas');
	await expect(ana.row(customer)).toContainText('3 não lidas');

	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(3);
	await expect(thread.log.getByText('Novas mensagens')).toBeVisible();
	await expect(sofia.row(customer)).not.toContainText('não lida');
	await expect(ana.row(customer)).not.toContainText('não lida');
	await simulator.write(customer, { text: 'Que bom' });
	await expect(thread.message('Que bom')).toBeVisible();
	await expect(sofia.row(customer)).not.toContainText('não lida');
});

test('only looking, as a viewer does, reads nothing away from those who answer', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Olá' });
	const [vera, ana] = [await inboxOf('vera'), await inboxOf('ana')];
	const thread = await vera.enter(customer);
	await expect(thread.message()).toHaveCount(1);
	await simulator.write(customer, { text: 'Olá?' });
	await expect(thread.message()).toHaveCount(2);
	await expect(ana.row(customer)).toContainText('2 não lidas');
});
