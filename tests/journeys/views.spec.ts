import { expect, test } from './journey.ts';

test('views show what they say with their counts, live, and the address keeps the view', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const caio = await inboxOf('caio');
	await caio.view('Não atribuídas');
	const count = async () =>
		Number(/\d+/.exec((await caio.viewLink('Não atribuídas').getAttribute('aria-label')) ?? '0')?.[0]);
	const before = await count();
	await simulator.write(customer, { text: 'Alguém aí?' });
	await expect(caio.row(customer)).toBeVisible();
	await expect.poll(count).toBe(before + 1);

	const thread = await caio.enter(customer);
	await thread.button('Atribuir a mim').click();
	await expect(caio.notice('A conversa é sua.')).toBeVisible();
	await expect(caio.row(customer)).toHaveCount(0);
	await expect.poll(count).toBe(before);

	await caio.view('Minhas');
	await expect(caio.row(customer)).toBeVisible();
	await caio.reload();
	await expect(caio.list.getByRole('heading', { name: 'Minhas', exact: true })).toBeVisible();
	await caio.page.goBack();
	await expect(caio.list.getByRole('heading', { name: 'Não atribuídas', exact: true })).toBeVisible();
});

test('a closed conversation leaves the open lists for its own view', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Só isso, obrigada' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.button('Encerrar').click();
	await expect(ana.row(customer)).toHaveCount(0);
	await ana.view('Encerradas');
	await expect(ana.row(customer)).toBeVisible();
});

test('rules filter a list without saving, are kept under a name, and stay right as things happen', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'É urgente!' });
	const ana = await inboxOf('ana');
	await expect(ana.row(customer)).toBeVisible();
	await ana.page.keyboard.press('Shift+F');
	const dialog = ana.page.getByRole('dialog', { name: 'Filtrar' });
	await dialog.getByLabel('Campo').selectOption({ label: 'Prioridade' });
	await dialog.getByLabel('Valor').selectOption('4');
	await dialog.getByRole('button', { name: 'Ver conversas' }).click();
	await expect(ana.page).toHaveURL(/rules=/);
	await expect(ana.list.getByText('1 regra')).toBeVisible();
	await expect(ana.row(customer)).toHaveCount(0);

	await sql`update public.conversations set priority = 4 where contact_id in (select id from public.contacts where phone = ${customer.wa_id})`;
	await expect(ana.row(customer)).toBeVisible();

	await ana.list.getByText('1 regra').click();
	const name = `Urgentes ${customer.wa_id.slice(-4)}`;
	await dialog.getByLabel('Nome do filtro').fill(name);
	await dialog.getByRole('button', { name: 'Salvar filtro' }).click();
	await expect(ana.list.getByRole('heading', { name })).toBeVisible();
	await expect(ana.page).toHaveURL(/filter=/);
	await expect(ana.row(customer)).toBeVisible();
	// What it asks for stands under its name, with how many it finds.
	await expect(ana.list.getByTestId('filter-sentence')).toHaveText(/Prioridade .*urgente/i);
	await expect(ana.list.getByTestId('filter-count')).toHaveText(/^\d+ conversas?$/);

	await ana.page.getByRole('button', { name: `Opções do filtro ${name}` }).click();
	await ana.page.getByRole('menuitem', { name: 'Excluir' }).click();
	await expect(ana.viewLink(name)).toHaveCount(0);
	await ana.notice('excluído').getByRole('button', { name: 'Desfazer' }).click();
	await expect(ana.viewLink(name)).toBeVisible();
});

test('a filter that is shared appears beside everybody’s list at once', async ({ inboxOf, customer }) => {
	const [sofia, caio] = [await inboxOf('sofia'), await inboxOf('caio')];
	const name = `Da equipe ${customer.wa_id.slice(-4)}`;
	await sofia.page.keyboard.press('Shift+F');
	const dialog = sofia.page.getByRole('dialog', { name: 'Filtrar' });
	await dialog.getByLabel('Campo').selectOption({ label: 'Não lida' });
	await dialog.getByLabel('Nome do filtro').fill(name);
	await dialog.getByLabel('Para toda a empresa').check();
	await dialog.getByRole('button', { name: 'Salvar filtro' }).click();
	await expect(caio.viewLink(name)).toBeVisible();
	await expect(caio.page.getByRole('button', { name: `Opções do filtro ${name}` })).toHaveCount(0);
});

test('whoever waits longest stands first when asked so, also after a reload', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Desde cedo esperando' });
	const sofia = await inboxOf('sofia');
	await expect(sofia.row(customer)).toBeVisible();
	await sql`
		update public.conversations set waiting_since = now() - interval '30 days'
		where contact_id in (select id from public.contacts where phone = ${customer.wa_id})`;
	await sofia.list.getByRole('button', { name: /^Ordem/ }).click();
	await sofia.page.getByRole('menuitem', { name: 'Esperando há mais tempo' }).click();
	const first = sofia.list.getByTestId('conversation-row').first();
	await expect(first).toContainText(customer.name);
	await sofia.page.reload();
	await expect(first).toContainText(customer.name);
});

test('rows are chosen by x, by range and all at once, and Escape lets them go', async ({ inboxOf }) => {
	const sofia = await inboxOf('sofia');
	const { keyboard } = sofia.page;
	await sofia.page.keyboard.press('j');
	await expect(sofia.page).toHaveURL(/inbox\/[0-9a-f-]{36}/);
	await keyboard.press('x');
	await expect(sofia.page.getByTestId('selection-count')).toContainText('1 conversa selecionada');
	await keyboard.press('Shift+ArrowDown');
	await keyboard.press('Shift+ArrowDown');
	await expect(sofia.page.getByTestId('selection-count')).toContainText('3 conversas selecionadas');
	await keyboard.press('Escape');
	await expect(sofia.page.getByTestId('selection-count')).toHaveCount(0);
});

test('at the width of a phone the views are a sheet behind the title', async ({ inboxOf }) => {
	const caio = await inboxOf('caio', { viewport: { width: 390, height: 844 } });
	await caio.list.getByRole('button', { name: /Escolher outra visão/ }).click();
	await caio.viewLink('Adiadas').click();
	await expect(caio.list.getByRole('button', { name: /^Adiadas/ })).toBeVisible();
	await expect(caio.views).toHaveCount(0);
});
