import { expect, test } from './journey.ts';

test('who is given a conversation hears of it: on the screen, in the bell and in the title, until they look', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Quem cuida de mim?' });
	const [caio, ana] = [await inboxOf('caio'), await inboxOf('ana')];
	const bell = caio.page.getByTestId('bell').first();
	await expect(bell).toBeVisible();
	await expect
		.poll(() => caio.heard.some((frame) => /"realtime:user:[^"]*","phx_reply",.*"status":"ok"/.test(frame)))
		.toBe(true);
	const before = Number(/\d+/.exec((await bell.getAttribute('aria-label')) ?? '')?.[0] ?? 0);

	const thread = await ana.enter(customer);
	await thread.button('Atribuir a…').click();
	await ana.page.getByTestId('assign-person').filter({ hasText: 'Caio Duarte' }).click();

	const toast = caio.notice(customer.name);
	await expect(toast).toContainText('Ana Ribeiro atribuiu a você');
	await expect(bell).toHaveAccessibleName(`Avisos · não lidos: ${before + 1}`);
	await expect(caio.page).toHaveTitle(/^\(\d+\) Caixa de entrada/);

	await caio.page.keyboard.press('g');
	await caio.page.keyboard.press('n');
	const panel = caio.page.getByRole('dialog', { name: 'Avisos' });
	const first = panel.getByRole('link', { name: new RegExp(`^Novo: ${customer.name}`) });
	await expect(first).toBeFocused();
	await caio.page.keyboard.press('Enter');
	await expect(caio.thread(customer).log).toBeVisible();
	await expect(bell).toHaveAccessibleName(before === 0 ? 'Avisos' : `Avisos · não lidos: ${before}`);
});

test('what was written without a connection outlives a closed tab, and goes out once', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Fecha que horas?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana');
	const context = ana.page.context();
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	await context.setOffline(true);
	await thread.answer('Às 19h');
	await thread.answer('Aos domingos, às 13h');
	await expect(thread.message('Às 19h').getByRole('status')).toContainText('Sem conexão');
	await expect(ana.banner).toContainText('2');
	await ana.page.close();
	await context.setOffline(false);

	const again = await context.newPage();
	await again.goto('/padaria/inbox');
	await expect(phone.bubble('Às 19h')).toHaveCount(1);
	await expect(phone.bubble('Aos domingos, às 13h')).toHaveCount(1);
	await again.goto(`/padaria/inbox/${ana.conversationId}`);
	await expect(again.getByTestId('message')).toHaveText([/Fecha que horas/, /Às 19h/, /Aos domingos/]);
});

test('how one is told is one’s own, and kept', async ({ inboxOf }) => {
	const duda = await inboxOf('duda');
	await duda.page.goto('/padaria/settings/notifications');
	const box = duda.page.getByRole('checkbox', { name: 'Aviso de uma regra: Som' });
	await expect(duda.page.getByTestId('push-state')).not.toBeEmpty();
	await box.check();
	await duda.page.getByRole('radio', { name: 'Sino' }).check();
	await expect(async () => {
		await duda.page.reload();
		await expect(box).toBeChecked({ timeout: 2_000 });
		await expect(duda.page.getByRole('radio', { name: 'Sino' })).toBeChecked({ timeout: 2_000 });
	}).toPass();
	const sofia = await inboxOf('sofia');
	await sofia.page.goto('/padaria/settings/notifications');
	await expect(sofia.page.getByRole('checkbox', { name: 'Aviso de uma regra: Som' })).not.toBeChecked();
});

test('without a connection the app says so instead of the browser, and comes back by itself', async ({ inboxOf }) => {
	const ana = await inboxOf('ana');
	await ana.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
	await ana.page.reload();
	await ana.page.context().setOffline(true);
	await ana.page.goto('/padaria/settings/notifications');
	await expect(ana.page.getByRole('heading', { name: 'Você está sem conexão' })).toBeVisible();
	await ana.page.context().setOffline(false);
	await ana.page.getByRole('link', { name: 'Tentar de novo' }).click();
	await expect(ana.page.getByRole('heading', { name: 'Avisos', level: 2 })).toBeVisible();
});
