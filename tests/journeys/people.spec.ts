import { expect, test } from './journey.ts';

test('two records of one person are merged, and parted again from the history', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Marina');
	await simulator.write(customer, { text: 'Sou eu, a Rita' });
	await simulator.write(other, { text: 'Do outro número' });
	const sofia = await inboxOf('sofia');
	await expect(sofia.row(other)).toBeVisible();
	const thread = await sofia.enter(customer);
	const { page } = sofia;
	await page.getByTestId('merge-open').click();
	const dialog = page.getByRole('dialog', { name: 'Unir contatos' });
	await dialog.getByRole('searchbox').fill(other.name);
	await dialog.getByRole('button', { name: new RegExp(other.name) }).click();
	await expect(dialog.getByTestId('merge-preview')).toContainText(other.wa_id.slice(-4));
	await dialog.getByRole('button', { name: 'Unir', exact: true }).click();

	// One thread, one row, both numbers; whatever name stays, it is one of the two.
	const log = page.getByRole('log', { name: 'Mensagens' });
	await expect(log.getByTestId('message')).toContainText(['Sou eu, a Rita', 'Do outro número']);
	await expect(page.getByTestId('identities')).toContainText(other.wa_id.slice(-4));
	await expect(page.getByTestId('identities')).toContainText(customer.wa_id.slice(-4));
	await expect(sofia.row(customer).or(sofia.row(other))).toHaveCount(1);

	await simulator.write(other, { text: 'Ainda do outro número' });
	await expect(log.getByTestId('message')).toHaveCount(3);

	const history = page.getByTestId('merge-history');
	await history.getByRole('button', { name: 'Separar' }).click();
	await page.getByRole('dialog', { name: 'Separar contatos' }).getByRole('button', { name: 'Separar' }).click();
	await expect(thread.message()).toHaveCount(1);
	await expect(thread.message('Sou eu, a Rita')).toBeVisible();
	await expect(history).toContainText('Separados em');
	const back = await sofia.enter(other);
	await expect(back.message()).toContainText(['Do outro número', 'Ainda do outro número']);
});

test('a contact from a card is saved once, and their conversation is a click away', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const friend = await simulator.newCustomer('Beatriz');
	const card = { kind: 'contacts', contacts: [{ name: friend.name, phone: `+${friend.wa_id}` }] };
	await simulator.write(customer, card);
	const caio = await inboxOf('caio');
	const thread = await caio.enter(customer);
	await thread.message(friend.name).getByRole('button', { name: 'Salvar contato' }).click();
	await expect(thread.message(friend.name)).toContainText('Já está nos contatos');
	await simulator.write(friend, { text: 'Oi, a Rita me indicou' });
	await expect(caio.row(friend)).toBeVisible();
	await caio.page.reload();
	await thread.message(friend.name).getByRole('link', { name: 'Abrir conversa' }).click();
	await expect(caio.thread(friend).message('Oi, a Rita me indicou')).toBeVisible();
});
