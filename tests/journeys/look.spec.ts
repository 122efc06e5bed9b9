import { expectFit, SCREENS } from './fit.ts';
import { expect, test } from './journey.ts';

const NARROW = { width: 390, height: 844 };

for (const { name, options } of SCREENS) {
	test(`everyone can read and use every screen, ${name}`, async ({ browse, inboxOf, phoneOf, simulator, customer }) => {
		await simulator.write(customer, {
			text: 'Bom dia! Segue o comprovante: https://exemplo.test/um/endereco/bem/comprido/mesmo'
		});
		await simulator.write(customer, { kind: 'image', caption: 'Olha' });
		await simulator.write(customer, { kind: 'order', items: [{ product: 'BOLO', quantity: 1, price: 48 }] });
		const door = await (await browse(options)).newPage();
		await door.goto('/sign-in');
		await expectFit(door);
		const ana = await inboxOf('ana', options);
		await expect(ana.row(customer)).toBeVisible();
		await expectFit(ana.page);
		const thread = await ana.enter(customer);
		await expect(thread.message()).toHaveCount(3);
		await thread.answer('Recebido, obrigada!');
		await expect(thread.message('Recebido')).toHaveAttribute('data-status', 'delivered');
		await expectFit(ana.page);

		const phone = await phoneOf(customer, 'padaria', options);
		await expect(phone.bubble('Recebido')).toBeVisible();
		await expectFit(phone.page);
	});
}

test('a narrow screen shows one pane at a time, with a way back', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Pelo celular' });
	const ana = await inboxOf('ana', { viewport: NARROW });
	const thread = await ana.enter(customer);
	await expect(ana.list).toBeHidden();
	await expect(thread.field).toBeInViewport({ ratio: 1 });
	await ana.page.getByRole('link', { name: 'Voltar para a lista' }).click();
	await expect(ana.row(customer)).toBeVisible();
	await ana.row(customer).click();
	await expect(thread.field).toBeVisible();
	await ana.page.goBack();
	await expect(ana.row(customer)).toBeVisible();
});

test('the whole of an answer can be done with the keyboard', async ({ inboxOf, simulator, customer }) => {
	const first = await simulator.newCustomer('Yara');
	const ana = await inboxOf('ana');
	const keyboard = ana.page.keyboard;
	await simulator.write(first, { text: 'Mais antiga' });
	await expect(ana.list.getByRole('link').first()).toContainText('Mais antiga');
	await simulator.write(customer, { text: 'Mais nova' });
	await expect(ana.list.getByRole('link').first()).toContainText('Mais nova');

	await keyboard.press('j');
	const thread = ana.thread(customer);
	await expect(thread.message('Mais nova')).toBeVisible();
	await keyboard.press('j');
	await expect(ana.thread(first).message('Mais antiga')).toBeVisible();
	await keyboard.press('k');
	await expect(thread.message('Mais nova')).toBeVisible();

	await keyboard.press('r');
	await expect(thread.field).toBeFocused();
	await keyboard.type('jkme? Tudo letra.');
	await keyboard.press('Enter');
	await expect(thread.message('jkme? Tudo letra.')).toHaveAttribute('data-status', 'delivered');
	await keyboard.press('Escape');
	await expect(thread.field).not.toBeFocused();
	await keyboard.press('m');
	await expect(ana.notice('A conversa é sua.')).toBeVisible();
	await keyboard.press('e');
	await expect(thread.pane.getByText('Esta conversa está encerrada.')).toBeVisible();
	await expect(ana.row(customer)).toHaveCount(0);

	await keyboard.press('Escape');
	await expect(ana.page.getByText('Escolha uma conversa')).toBeVisible();
	await keyboard.press('?');
	const sheet = ana.page.getByRole('dialog', { name: 'Atalhos do teclado' });
	await expect(sheet).toBeVisible();
	await keyboard.press('Escape');
	await expect(sheet).toBeHidden();

	await keyboard.press('Control+k');
	const palette = ana.page.getByRole('dialog', { name: 'Buscar e agir' });
	await expect(palette).toBeVisible();
	await keyboard.type(first.name);
	await expect(palette.getByRole('option', { name: first.name })).toBeVisible();
	await keyboard.press('Enter');
	await expect(palette).toBeHidden();
	await expect(ana.thread(first).message('Mais antiga')).toBeVisible();
});

test('a wide screen can be walked with Tab, and where one stands is always visible', async ({ inboxOf }) => {
	const ana = await inboxOf('ana');
	const seen = new Set<string>();
	for (let i = 0; i < 12; i++) {
		await ana.page.keyboard.press('Tab');
		const focus = await ana.page.evaluate(() => {
			const element = document.activeElement as HTMLElement;
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
			const marked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
			return { what: element.ariaLabel ?? element.textContent?.trim().slice(0, 30) ?? '', marked };
		});
		seen.add(focus.what);
		expect(focus.marked, `the focus on "${focus.what}" is visible`).toBe(true);
	}
	expect(seen.size).toBeGreaterThan(10);
});

test('the language changes everywhere and stays, at the door and inside', async ({ browse }) => {
	const page = await (await browse()).newPage();
	await page.goto('/sign-in');
	await page.getByRole('button', { name: 'English' }).click();
	await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await page.getByRole('textbox', { name: /^E-?mail/ }).fill('ana@padaria.test');
	await page.getByLabel('Password', { exact: true }).fill('demo-prosa');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
	await page.getByRole('button', { name: /^Your account/ }).click();
	await page.getByRole('menuitem', { name: 'Português (Brasil)' }).click();
	await expect(page.getByRole('heading', { name: 'Caixa de entrada' })).toBeVisible();
	await page.reload();
	await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
});

test('the chosen theme holds from the first paint on', async ({ inboxOf }) => {
	const ana = await inboxOf('ana', { colorScheme: 'light' });
	const brightness = () =>
		ana.page.evaluate(() => {
			const canvas = document.createElement('canvas').getContext('2d');
			if (!canvas) return null;
			canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
			canvas.fillRect(0, 0, 1, 1);
			return canvas.getImageData(0, 0, 1, 1).data[0] ?? null;
		});
	expect(await brightness()).toBeGreaterThan(200);
	await ana.account('Escuro');
	await expect.poll(brightness).toBeLessThan(80);
	await ana.page.reload({ waitUntil: 'commit' });
	await ana.list.waitFor();
	expect(await brightness()).toBeLessThan(80);
});

test('pages come with their guards on, and cookies are kept from scripts', async ({ browse, inboxOf, facts }) => {
	const ana = await inboxOf('ana');
	const answer = await ana.page.goto('/padaria/inbox');
	const headers = answer?.headers() ?? {};
	expect(headers).toMatchObject({
		'x-content-type-options': 'nosniff',
		'x-frame-options': 'DENY',
		'referrer-policy': 'strict-origin-when-cross-origin',
		'cross-origin-opener-policy': 'same-origin'
	});
	const policy = headers['content-security-policy'] ?? '';
	const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
	expect(scripts).toMatch(/^'self' 'nonce-[\w+/=-]{16,}'$/);
	expect(policy).toContain("object-src 'none'");
	expect(policy).toContain("frame-ancestors 'none'");
	expect(policy).toContain(`connect-src 'self' ${facts.api_url}`);
	expect(headers['cache-control'], 'what is one person’s is not for a shared cache').toMatch(/private|no-store/);

	const session = (await ana.page.context().cookies()).filter(({ name }) => /auth-token/.test(name));
	expect(session.length).toBeGreaterThan(0);
	for (const cookie of session) expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
	expect(await ana.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('eyJ');

	const page = await (await browse()).newPage();
	const foreign = await page.request.post('/sign-out', {
		headers: { origin: 'https://evil.test' },
		form: { scope: 'global' }
	});
	expect(foreign.status()).toBe(403);
});
