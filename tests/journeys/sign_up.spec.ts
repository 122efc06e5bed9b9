import { randomUUID } from 'node:crypto';
import { newColleague } from './colleague.ts';
import { expect, test } from './journey.ts';
import { Inbox } from './pages/inbox.ts';
import { Mailbox } from './pages/mailbox.ts';
import { SignIn } from './pages/sign_in.ts';

const digits = (length: number) =>
	String(Math.random())
		.slice(2, 2 + length)
		.padEnd(length, '7');

/** A red square of eight pixels, as some phone wrote it. */
const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
	'base64'
);

test.describe.configure({ timeout: 240_000 });

test('a company signs up, takes its first steps, and the agent it invites answers its first customer', async ({
	browse,
	facts,
	simulator,
	customer
}) => {
	const tag = randomUUID().slice(0, 8);
	const [owner, agent] = [`dona-${tag}@mercearia.test`, `novo-${tag}@mercearia.test`];
	const slug = `mercearia-${tag}`;
	const page = await (await browse()).newPage();

	// The account, whose password is judged while it is written.
	await page.goto('/sign-in', { waitUntil: 'networkidle' });
	await page.getByRole('link', { name: 'Abrir uma conta' }).click();
	await expect(page.getByRole('heading', { name: 'Abrir uma conta' })).toBeVisible();
	await page.getByLabel('Seu nome').fill('Marina Lopes');
	await page.getByLabel('E-mail').fill(owner);
	await page.getByLabel('Nome da empresa').fill(`Mercearia ${tag}`);
	await page.getByLabel('Senha', { exact: true }).fill('marina12');
	await expect(page.getByTestId('password-strength')).toContainText('Traz o seu nome');
	const password = `cavalo bateria ${tag}`;
	await page.getByLabel('Senha', { exact: true }).fill(password);
	await expect(page.getByTestId('password-strength')).toHaveText(/^(Boa|Forte)\.$/);
	await page.getByRole('button', { name: 'Criar conta' }).click();
	await expect(page.getByRole('heading', { name: 'Confira seu e-mail' })).toBeVisible();

	// The mail opens the company; the browser that signed up needs no second password.
	const mail = new Mailbox(page, facts.mail_url);
	await mail.followLink(owner);
	await expect(page.getByText(`E-mail confirmado: ${owner}`)).toBeVisible();
	await expect(page, 'no token stays in the address').not.toHaveURL(/token/);
	await expect(page.getByLabel('Endereço')).toHaveValue(slug);
	await expect(page.getByLabel('Senha nova')).toHaveCount(0);
	const home = new Inbox(page, slug);
	await page.getByRole('button', { name: 'Criar empresa' }).click();
	await home.arrive();

	const step = (id: string) => page.locator(`[data-testid=first-step][data-step=${id}]`);
	await expect(page.getByTestId('first-step')).toHaveCount(6);
	await expect(page.getByText('0 de 6 prontos')).toBeVisible();

	// A number of its own.
	const phone_number_id = `3${digits(14)}`;
	const token = `EAAfirst${digits(16)}`;
	await simulator.post('businesses', {
		name: `Mercearia ${tag}`,
		phone_number_id,
		waba_id: `4${digits(14)}`,
		display_phone_number: `551131${digits(6)}`,
		tokens: [token]
	});
	await step('channel').getByRole('link').click();
	await page.getByLabel('Token de acesso').fill(token);
	await page.getByRole('button', { name: 'Conferir token' }).click();
	await page.getByRole('button', { name: 'Ver números' }).click();
	await expect(page.getByRole('radio')).toBeChecked();
	await page.getByLabel('Nome do canal').fill('WhatsApp da mercearia');
	await page.getByRole('button', { name: 'Conectar', exact: true }).click();
	await expect(page.getByText('Número conectado')).toBeVisible();

	// The invitation, one click from the steps.
	await page.goto(`/${slug}/settings/first-steps`, { waitUntil: 'networkidle' });
	await expect(step('channel')).toHaveAttribute('data-done', 'true');
	await step('people').getByRole('link').click();
	const dialog = page.getByRole('dialog', { name: 'Convidar pessoas' });
	await dialog.getByLabel('E-mails').fill(agent);
	await dialog.getByLabel('Papel').selectOption({ label: 'Atendente' });
	await dialog.getByRole('button', { name: 'Enviar convites' }).click();
	await expect(page.getByTestId('invitation').filter({ hasText: agent })).toBeVisible();

	// The agent comes, is shown around, goes on where they stopped, and is not asked again.
	const theirs = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	const mailed = theirs.page.getByRole('link').filter({ hasText: agent });
	await expect(async () => {
		await theirs.page.goto(facts.mail_url);
		await expect(mailed.first()).toBeVisible({ timeout: 1_000 });
	}).toPass();
	await theirs.followLink(agent);
	await theirs.page.getByLabel('Seu nome').fill('Novo Atendente');
	await theirs.page.getByLabel('Senha nova').fill(`senha-${randomUUID()}`);
	await theirs.page.getByRole('button', { name: 'Aceitar convite' }).click();
	const welcome = theirs.page.getByTestId('welcome');
	await expect(welcome).toHaveAttribute('data-step', 'name');
	await welcome.getByLabel('Foto').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: PICTURE });
	await expect(welcome.getByRole('button', { name: 'Trocar foto' })).toBeVisible();
	await welcome.getByRole('button', { name: 'Continuar' }).click();
	await expect(welcome).toHaveAttribute('data-step', 'notifications');
	await theirs.page.reload();
	await expect(welcome).toHaveAttribute('data-step', 'notifications');
	await welcome.getByRole('button', { name: 'Continuar' }).click();
	await welcome.getByRole('radio', { name: 'Disponível' }).click();
	await welcome.getByRole('button', { name: 'Continuar' }).click();
	await expect(welcome).toContainText('Andar pelas conversas');
	await welcome.getByRole('button', { name: 'Começar' }).click();
	await expect(welcome).toHaveCount(0);
	const inbox = new Inbox(theirs.page, slug);
	await inbox.open();
	await expect(welcome).toHaveCount(0);

	// The first customer.
	await simulator.post('inbound', { phone_number_id, from: customer.id, text: 'Vocês abrem domingo?' });
	const thread = await inbox.enter(customer);
	await thread.answer('Das 8h às 12h!');

	await page.goto(`/${slug}/inbox`, { waitUntil: 'networkidle' });
	for (const id of ['channel', 'people', 'answer']) await expect(step(id)).toHaveAttribute('data-done', 'true');
	await expect(page.getByText('3 de 6 prontos')).toBeVisible();

	// Their picture is everywhere they are.
	await page.goto(`/${slug}/settings/members`);
	const picture = page.getByTestId('member').filter({ hasText: 'Novo Atendente' }).locator('img');
	await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(256);

	// Put away, and back.
	await page.goto(`/${slug}/inbox`, { waitUntil: 'networkidle' });
	await page.getByRole('button', { name: 'Dispensar' }).click();
	await expect(page.getByTestId('first-steps')).toHaveCount(0);
	await page.getByRole('button', { name: 'Desfazer' }).click();
	await expect(page.getByTestId('first-steps')).toBeVisible();
});

test('whoever asks in another’s name learns nothing, and the account is whose mail it is', async ({
	browse,
	facts,
	sql
}) => {
	const known = await newColleague(facts, sql, ['padaria']);
	const fresh = `rosa-${randomUUID().slice(0, 8)}@exemplo.test`;
	const ask = async (email: string, password: string) => {
		const page = await (await browse()).newPage();
		await page.goto('/sign-up', { waitUntil: 'networkidle' });
		await page.getByLabel('Seu nome').fill('Rosa');
		await page.getByLabel('E-mail').fill(email);
		await page.getByLabel('Nome da empresa').fill('Rosa Flores');
		await page.getByLabel('Senha', { exact: true }).fill(password);
		await page.getByRole('button', { name: 'Criar conta' }).click();
		await expect(page.getByRole('heading', { name: 'Confira seu e-mail' })).toBeVisible();
		return (await page.locator('main').innerText()).replaceAll(email, '…');
	};
	const intruders = 'senha do intruso';
	expect(await ask(known.email, intruders), 'the same words for both').toBe(await ask(fresh, intruders));
	const mails = await fetch(`${facts.mail_url}/api/messages?to=${encodeURIComponent(known.email)}`);
	expect(await mails.json()).toEqual([]);

	// Rosa opens the mail in her own browser, which did not ask: the password that waits there is not hers.
	const rosa = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	await rosa.followLink(fresh);
	await rosa.page.getByLabel('Senha nova').fill('girassol amarelo grande');
	await rosa.page.getByRole('button', { name: 'Criar empresa' }).click();
	await rosa.page.waitForURL(/\/rosa-flores[^/]*\/inbox/);

	const page = await (await browse()).newPage();
	await new SignIn(page).enter(fresh, intruders);
	await expect(new SignIn(page).problem).toContainText('não conferem');
	await new SignIn(page).enter(fresh, 'girassol amarelo grande');
	await page.waitForURL(/\/rosa-flores[^/]*\/inbox/);
});
