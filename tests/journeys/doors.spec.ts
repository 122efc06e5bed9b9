import { invite, newColleague } from './colleague.ts';
import { expect, test } from './journey.ts';
import { Inbox } from './pages/inbox.ts';
import { Mailbox } from './pages/mailbox.ts';
import { SignIn } from './pages/sign_in.ts';

test('a visitor is asked to sign in and then finds what they wanted to see', async ({ browse }) => {
	const page = await (await browse()).newPage();
	await page.goto('/padaria/inbox?view=mine');
	await expect(page).toHaveURL(/\/sign-in\?next=/);
	await new SignIn(page).fill('ana@padaria.test', 'demo-prosa');
	await expect(page).toHaveURL(/\/padaria\/inbox\?view=mine$/);
	await expect(page.getByRole('link', { name: /^Minhas/ })).toHaveAttribute('aria-current', 'page');
});

test('a wrong password and an unknown address get the same polite answer, and keep what was typed', async ({
	browse
}) => {
	const door = new SignIn(await (await browse()).newPage());
	for (const email of ['ana@padaria.test', 'ninguem@padaria.test']) {
		await door.enter(email, 'errada-errada');
		await expect(door.problem).toHaveText('E-mail ou senha não conferem. Confira e tente de novo.');
		await expect(door.email).toHaveValue(email);
	}
});

test('after signing out the inbox is behind the door again, also by the back button', async ({
	browse,
	facts,
	sql
}) => {
	const person = await newColleague(facts, sql, ['padaria']);
	const page = await (await browse()).newPage();
	const inbox = new Inbox(page, 'padaria');
	await new SignIn(page).enter(person.email, person.password);
	await inbox.arrive();
	await inbox.account('Sair');
	await expect(page.getByRole('status')).toHaveText('Você saiu da sua conta.');
	await page.goBack();
	await expect(page).toHaveURL(/\/sign-in/);
	await page.goto('/padaria/inbox');
	await expect(page).toHaveURL(/\/sign-in/);
});

test('signing out everywhere ends the session on the other device too', async ({ browse, facts, sql }) => {
	const person = await newColleague(facts, sql, ['padaria']);
	const devices = [await browse(), await browse()];
	const inboxes: Inbox[] = [];
	for (const device of devices) {
		const inbox = new Inbox(await device.newPage(), 'padaria');
		await new SignIn(inbox.page).enter(person.email, person.password);
		await inbox.arrive();
		inboxes.push(inbox);
	}
	const [here, there] = inboxes as [Inbox, Inbox];
	await here.account('Sair de todos os aparelhos');
	await expect(here.page.getByRole('status')).toHaveText('Você saiu da sua conta.');
	await there.page.reload();
	await expect(there.page).toHaveURL(/\/sign-in/);
});

test('a forgotten password becomes a new one through the mail, once', async ({ browse, facts, sql }) => {
	const person = await newColleague(facts, sql, ['padaria']);
	const context = await browse();
	const page = await context.newPage();
	await page.goto('/sign-in');
	await page.getByRole('link', { name: 'Esqueci minha senha' }).click();
	// The page before it has a field of this name too.
	await page.waitForURL(/forgot-password/);
	await page.getByLabel('E-mail').fill(person.email);
	await page.getByRole('button', { name: 'Enviar link' }).click();
	await expect(page.getByRole('status')).toContainText(`Se ${person.email} tiver uma conta`);

	const mail = new Mailbox(await context.newPage(), facts.mail_url);
	await mail.followLink(person.email);
	await expect(mail.page.getByRole('heading', { name: 'Criar senha nova' })).toBeVisible();
	await expect(mail.page, 'no token stays in the address').not.toHaveURL(/token/);
	await mail.page.getByLabel('Senha nova').fill('outra-senha-bem-nova');
	await mail.page.getByRole('button', { name: 'Salvar e entrar' }).click();
	await new Inbox(mail.page, 'padaria').arrive();

	const again = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	await again.followLink(person.email);
	await expect(again.page.getByRole('heading', { name: 'Este link não vale mais' })).toBeVisible();
	const door = new SignIn(await (await browse()).newPage());
	await door.enter(person.email, person.password);
	await expect(door.problem).toContainText('não conferem');
	await door.fill(person.email, 'outra-senha-bem-nova');
	await expect(door.page).toHaveURL(/\/padaria\/inbox/);
});

test('somebody who is invited chooses a password and is in', async ({ browse, facts, sql }) => {
	const person = await invite(facts, sql, 'oficina');
	const mail = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	await mail.followLink(person.email);
	await expect(mail.page.getByRole('heading', { name: 'Boas-vindas à Prosa' })).toBeVisible();
	await mail.page.getByLabel('Senha nova').fill(person.password);
	await mail.page.getByRole('button', { name: 'Salvar e entrar' }).click();
	await new Inbox(mail.page, 'oficina').arrive();
});

test('who works for two companies walks from one to the other and sees each by itself', async ({
	browse,
	facts,
	sql,
	simulator
}) => {
	const person = await newColleague(facts, sql, ['padaria', 'oficina']);
	const [baker, driver] = [await simulator.newCustomer('Zilda'), await simulator.newCustomer('Otávio')];
	await simulator.write(baker, { text: 'Pão?' }, 'padaria');
	await simulator.write(driver, { text: 'Freio?' }, 'oficina');
	const page = await (await browse()).newPage();
	await new SignIn(page).enter(person.email, person.password);
	await page.waitForURL(/\/(padaria|oficina)\/inbox/);

	const inbox = new Inbox(page, 'padaria');
	await inbox.switchTo('Padaria Pão Quente');
	await expect(page).toHaveURL(/\/padaria\/inbox/);
	await expect(inbox.row(baker)).toBeVisible();
	await expect(inbox.row(driver)).toHaveCount(0);
	await inbox.switchTo('Oficina do Bruno');
	await expect(page).toHaveURL(/\/oficina\/inbox/);
	await expect(inbox.row(driver)).toBeVisible();
	await expect(inbox.row(baker)).toHaveCount(0);

	// Live in the new place, deaf to the old one.
	await simulator.write(baker, { text: 'Ainda tem pão?' }, 'padaria');
	await simulator.write(driver, { text: 'E a embreagem?' }, 'oficina');
	await expect(inbox.row(driver)).toContainText('E a embreagem?');
	await expect(inbox.row(baker)).toHaveCount(0);
	await page.goto('/');
	await expect(page).toHaveURL(/\/oficina\/inbox/);
});
