import { newColleague } from './colleague.ts';
import { expect, test } from './journey.ts';
import { Inbox } from './pages/inbox.ts';
import { SignIn } from './pages/sign_in.ts';

/** A red square of eight pixels. */
const PICTURE = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
	'base64'
);

test.slow();

test('a new picture is seen by colleagues at once; after a day another password asks for the mailed code', async ({
	browse,
	facts,
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	const tereza = await newColleague(facts, sql, ['padaria']);
	await simulator.write(customer, { text: 'Oi' });
	const context = await browse();
	const inbox = new Inbox(await context.newPage(), 'padaria');
	await new SignIn(inbox.page).enter(tereza.email, tereza.password);
	await inbox.arrive();
	await inbox.enter(customer);
	const ana = await inboxOf('ana');
	const seen = await ana.enter(customer);
	const faces = seen.pane.getByTestId('lookers');
	await expect(faces).toContainText(tereza.name);
	await expect(faces.locator('img')).toHaveCount(0);

	const page = await context.newPage();
	await page.goto('/profile', { waitUntil: 'networkidle' });
	await page.getByLabel('Foto').setInputFiles({ name: 'eu.png', mimeType: 'image/png', buffer: PICTURE });
	await expect(page.getByRole('button', { name: 'Trocar foto' })).toBeVisible();
	await expect(faces.locator('img')).toHaveCount(1);

	// She came in more than a day ago.
	await sql`update auth.sessions set created_at = created_at - interval '2 days' where user_id = ${tereza.id}`;
	const fresh = 'cavalo bateria correto grampo';
	await page.getByLabel('Senha atual').fill(tereza.password);
	await page.getByLabel('Senha nova', { exact: true }).fill(fresh);
	await page.getByRole('button', { name: 'Trocar senha' }).click();
	await expect(page.getByText('enviamos um código ao seu e-mail')).toBeVisible();
	const mailbox = await context.newPage();
	await mailbox.goto(facts.mail_url);
	await mailbox.getByRole('link').filter({ hasText: tereza.email }).first().click();
	const letter = (await mailbox.locator('body').innerText()).replaceAll(tereza.email, '');
	const code = /\b\d{6}\b/.exec(letter)?.[0] ?? '';
	expect(code).toHaveLength(6);

	const change = async (nonce: string) => {
		await page.getByLabel('Senha atual').fill(tereza.password);
		await page.getByLabel('Senha nova', { exact: true }).fill(fresh);
		await page.getByLabel('Código do e-mail').fill(nonce);
		await page.getByRole('button', { name: 'Trocar senha' }).click();
	};
	await change(code === '000000' ? '000001' : '000000');
	await expect(page.getByText('Este código não vale')).toBeVisible();
	await change(code);
	await expect(page.getByText('A senha mudou')).toBeVisible();
	const again = await (await browse()).newPage();
	await new SignIn(again).enter(tereza.email, fresh);
	await again.waitForURL('**/padaria/inbox**');
});

test('another company is begun from the menu of companies', async ({ inboxOf }) => {
	const { page } = await inboxOf('ana');
	await page
		.getByRole('button', { name: /Trocar de empresa/ })
		.filter({ visible: true })
		.click();
	await page.getByRole('menuitem', { name: 'Nova empresa' }).click();
	await page.waitForURL('**/new');
	await expect(page.getByRole('textbox', { name: 'Nome da empresa' })).toBeVisible();
});
