import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { totpCode } from '../../supabase/embedded/src/auth/totp.ts';
import { newColleague } from './colleague.ts';
import { expect, test } from './journey.ts';
import { Inbox } from './pages/inbox.ts';
import { Mailbox } from './pages/mailbox.ts';
import { SignIn } from './pages/sign_in.ts';

/** What an authenticator app shows: now, or in the next half minute, for a code is good once. */
const codeOf = (secret: string, step = 0) => totpCode(secret.replaceAll(' ', ''), Date.now() / 1_000 + step * 30);

/** Turns the second factor on, on a page that offers it; answers its secret and the recovery codes. */
async function turnOn(page: Page): Promise<{ secret: string; codes: string[] }> {
	await page.getByRole('button', { name: 'Ativar verificação' }).click();
	const secret = await page.getByTestId('totp-secret').innerText();
	await page.getByLabel('Código de seis dígitos').fill(codeOf(secret));
	await expect(page.getByRole('heading', { name: 'Guarde os códigos de recuperação' })).toBeVisible();
	const codes = await page.getByTestId('recovery-codes').getByRole('listitem').allInnerTexts();
	expect(codes).toHaveLength(10);
	await page.getByLabel('Guardei os códigos em lugar seguro').check();
	await page.getByRole('button', { name: 'Continuar' }).click();
	return { secret, codes };
}

test('an admin invites a new person and one with an account; both join by their mail, and nobody else can', async ({
	browse,
	facts,
	sql
}) => {
	const admin = await newColleague(facts, sql, ['padaria']);
	const known = await newColleague(facts, sql, ['oficina']);
	const fresh = `convidada-${randomUUID().slice(0, 8)}@exemplo.test`;
	const page = await (await browse()).newPage();
	await new SignIn(page).enter(admin.email, admin.password);
	await new Inbox(page, 'padaria').arrive();
	await page.goto('/padaria/settings/members');
	await page.getByRole('button', { name: 'Convidar pessoas' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('E-mails').fill(`Nova <${fresh}>; ${known.email}`);
	await expect(dialog).toContainText('Endereços reconhecidos: 2');
	await dialog.getByLabel('Papel').selectOption({ label: 'Atendente' });
	await dialog.getByRole('button', { name: 'Enviar convites' }).click();
	await expect(page.getByTestId('invitation').filter({ hasText: fresh })).toBeVisible();
	const mailed = (email: string) => sql`select from public.invitations where email = ${email} and sent_at is not null`;
	for (const email of [fresh, known.email]) await expect.poll(async () => (await mailed(email)).length).toBe(1);

	// Somebody else who opens the link learns that it is not theirs.
	const [invitation] = await sql<{ id: string }[]>`select id from public.invitations where email = ${fresh}`;
	await page.goto(`/join/${invitation?.id ?? ''}`);
	await expect(page.getByRole('heading', { name: 'O convite é para outra conta' })).toBeVisible();

	const mail = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	await mail.followLink(fresh);
	await expect(mail.page.getByRole('heading', { name: 'Boas-vindas à Prosa' })).toBeVisible();
	await expect(mail.page, 'no token stays in the address').not.toHaveURL(/token/);
	await mail.page.getByLabel('Seu nome').fill('Noêmia Convidada');
	await mail.page.getByLabel('Senha nova').fill(`senha-${randomUUID()}`);
	await mail.page.getByRole('button', { name: 'Aceitar convite' }).click();
	await new Inbox(mail.page, 'padaria').arrive();

	const other = new Mailbox(await (await browse()).newPage(), facts.mail_url);
	await other.followLink(known.email);
	await other.page.getByLabel('Seu nome').fill(known.name);
	await expect(other.page.getByLabel('Senha nova'), 'who has an account keeps its password').toHaveCount(0);
	await other.page.getByRole('button', { name: 'Aceitar convite' }).click();
	await new Inbox(other.page, 'padaria').arrive();

	await page.goto('/padaria/settings/members');
	for (const name of ['Noêmia Convidada', known.name])
		await expect(page.getByTestId('member').filter({ hasText: name })).toBeVisible();
	await expect(page.getByTestId('invitation').filter({ hasText: fresh })).toHaveCount(0);
});

test('a role of the company’s own gives what is ticked, and unticking takes it away at once', async ({
	browse,
	facts,
	sql
}) => {
	const [admin, clerk] = [await newColleague(facts, sql, ['padaria']), await newColleague(facts, sql, ['padaria'])];
	const name = `Caixa ${randomUUID().slice(0, 6)}`;
	const page = await (await browse()).newPage();
	await new SignIn(page).enter(admin.email, admin.password);
	await new Inbox(page, 'padaria').arrive();
	await page.goto('/padaria/settings/roles');
	await page.getByRole('button', { name: 'Novo papel' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Nome').fill(name);
	await dialog.getByLabel('Começar como').selectOption({ label: 'Atendente' });
	await dialog.getByRole('button', { name: 'Salvar' }).click();
	await expect(page.getByTestId('own-role').filter({ hasText: name })).toBeVisible();

	// A choice made before the page has its scripts is nobody's.
	await page.goto('/padaria/settings/members', { waitUntil: 'networkidle' });
	await page.getByLabel(`Papel de ${clerk.name}`).selectOption({ label: name });
	await expect(page.getByText(`O papel de ${clerk.name} mudou.`)).toBeVisible();

	const theirs = await (await browse()).newPage();
	await new SignIn(theirs).enter(clerk.email, clerk.password);
	await new Inbox(theirs, 'padaria').arrive();
	await theirs.goto('/padaria/settings/channels');
	await expect(theirs.getByText('WhatsApp da padaria')).toBeVisible();

	await page.goto('/padaria/settings/roles', { waitUntil: 'networkidle' });
	await page.getByLabel(`${name}: Ver canais`).uncheck();
	await expect(page.getByLabel(`${name}: Ver canais`)).not.toBeChecked();
	await expect
		.poll(
			async () =>
				(await sql`select from public.roles where name = ${name} and not 'channels.read' = any(permissions)`).length
		)
		.toBe(1);
	await theirs.reload();
	await expect(theirs.getByText('WhatsApp da padaria')).toHaveCount(0);

	// Gone, with another in its place.
	await page.getByRole('button', { name: `Excluir: ${name}` }).click();
	await dialog.getByLabel('Papel que fica no lugar').selectOption({ label: 'Leitura' });
	await dialog.getByRole('button', { name: 'Excluir' }).click();
	await expect(page.getByTestId('own-role').filter({ hasText: name })).toHaveCount(0);
	const [row] = await sql`select role from public.memberships where user_id = ${clerk.id}`;
	expect(row?.role).toBe('viewer');
});

test.describe.configure({ timeout: 150_000 });

test('the second factor is turned on, asked for at the door, and a recovery code helps whoever loses it', async ({
	browse,
	facts,
	sql
}) => {
	const person = await newColleague(facts, sql, ['padaria']);
	const page = await (await browse()).newPage();
	await new SignIn(page).enter(person.email, person.password);
	await new Inbox(page, 'padaria').arrive();
	await page.goto('/profile');
	const { secret, codes } = await turnOn(page);
	await expect(page.getByText('Códigos de recuperação que restam: 10')).toBeVisible();

	const again = await (await browse()).newPage();
	await new SignIn(again).enter(person.email, person.password);
	await expect(again.getByRole('heading', { name: 'Verificação em duas etapas' })).toBeVisible();
	await again.goto('/padaria/inbox');
	await expect(again, 'nothing opens past it').toHaveURL(/\/second-factor/);
	await again.getByLabel('Código de seis dígitos').fill('000000');
	await expect(again.getByText('Este código não vale. Espere o próximo')).toBeVisible();
	await again.getByLabel('Código de seis dígitos').fill(codeOf(secret, 1));
	await new Inbox(again, 'padaria').arrive();

	const lost = await (await browse()).newPage();
	await new SignIn(lost).enter(person.email, person.password);
	await lost.getByRole('button', { name: 'Perdi o celular' }).click();
	await lost.getByLabel('Código de recuperação').fill(codes[0] ?? '');
	await lost.getByRole('button', { name: 'Usar código' }).click();
	await expect(lost.getByRole('heading', { name: 'Cadastre o celular novo' })).toBeVisible();
	await turnOn(lost);
	await new Inbox(lost, 'padaria').arrive();
	await again.reload();
	await expect(again, 'the sessions of before are over').toHaveURL(/\/sign-in/);
});

test('a company that requires a second factor opens to nobody without one, and leads them to it', async ({
	browse,
	facts,
	sql
}) => {
	const [admin, agent] = [await newColleague(facts, sql, []), await newColleague(facts, sql, [])];
	const slug = `cofre-${randomUUID().slice(0, 8)}`;
	await sql`
		with tenant as (insert into public.tenants (name, slug) values ('Cofre', ${slug}) returning id)
		insert into public.memberships (tenant_id, user_id, role, display_name)
		select id, ${admin.id}::uuid, 'admin'::public.member_role, ${admin.name} from tenant
		union all select id, ${agent.id}::uuid, 'agent', ${agent.name} from tenant`;
	const page = await (await browse()).newPage();
	await new SignIn(page).enter(admin.email, admin.password);
	await page.waitForURL(new RegExp(`/${slug}/inbox`));
	await page.goto(`/${slug}/settings/members`);
	const required = page.getByLabel('Exigir verificação em duas etapas');
	await required.click();
	await expect(page.getByText('Ative antes a sua verificação'), 'not before one’s own').toBeVisible();
	await page.goto('/profile');
	await turnOn(page);
	await expect(page.getByText('Códigos de recuperação que restam: 10')).toBeVisible();
	await page.goto(`/${slug}/settings/members`);
	await required.click();
	await expect(page.getByText('agora é exigida')).toBeVisible();

	const theirs = await (await browse()).newPage();
	await new SignIn(theirs).enter(agent.email, agent.password);
	await expect(theirs.getByRole('heading', { name: 'Ative a verificação em duas etapas' })).toBeVisible();
	await expect(theirs.getByText('Cofre pede esta proteção')).toBeVisible();
	await turnOn(theirs);
	await theirs.waitForURL(new RegExp(`/${slug}/inbox`));
});

test('from the list of sessions another device is signed out, and this one stays', async ({ browse, facts, sql }) => {
	const person = await newColleague(facts, sql, ['padaria']);
	const [here, there] = [await (await browse()).newPage(), await (await browse()).newPage()];
	for (const page of [there, here]) {
		await new SignIn(page).enter(person.email, person.password);
		await new Inbox(page, 'padaria').arrive();
	}
	await here.goto('/profile');
	await expect(here.getByTestId('session')).toHaveCount(2);
	await expect(here.getByTestId('session').first()).toContainText('este aparelho');
	await here.getByTestId('session').nth(1).getByRole('button').click();
	await expect(here.getByTestId('session')).toHaveCount(1);
	await there.goto('/padaria/inbox');
	await expect(there).toHaveURL(/\/sign-in/);
	await here.reload();
	await expect(here.getByRole('heading', { name: 'Meu perfil' })).toBeVisible();
});
