import { readFileSync } from 'node:fs';
import { expect, test } from './journey.ts';
import type { Simulator } from './simulator.ts';

const PHOTO = readFileSync(new URL('../../docs/inbox.png', import.meta.url));

const WABA = '102290129340398';

interface HeldTemplate {
	id: string;
	name: string;
	status: string;
	components: { type: string; cards?: { components: { type: string; format?: string; text?: string }[] }[] }[];
}

/** A template of the bakery's, as the simulated WhatsApp holds it. */
async function template({ url }: Simulator, name: string): Promise<HeldTemplate> {
	const answer = await fetch(`${url}/_simulator/templates?waba_id=${WABA}`);
	const all = (await answer.json()) as HeldTemplate[];
	const found = all.find((one) => one.name === name);
	if (!found) throw new Error(`WhatsApp has no template ${name}`);
	return found;
}

test('a template is written, reviewed, approved, picked outside the window, and read by the customer as it was previewed', async ({
	inboxOf,
	phoneOf,
	simulator,
	customer,
	sql
}) => {
	const inbox = await inboxOf('ana');
	const { page } = inbox;
	const name = `aviso_em_espera_${customer.wa_id}`;

	await page.goto('/padaria/settings/templates/new');
	await page.getByTestId('template-name').fill(name);
	// Asked only where the company has several accounts; another journey may have connected one.
	const account = page.getByLabel('Conta do WhatsApp');
	if (await account.isVisible()) await account.selectOption({ label: 'WhatsApp da padaria' });
	await page.getByTestId('template-body').fill('Olá, {{1}}! Seu bolo já pode ser retirado na loja. Até logo!');
	await page.getByTestId('template-submit').click();
	await expect(page.getByRole('alert').filter({ hasText: 'Dê um exemplo' })).toBeVisible();
	await page.getByTestId('template-example').fill('Marina');
	await expect(page.getByTestId('template-preview')).toContainText('Olá, Marina! Seu bolo');
	await page.getByTestId('template-submit').click();
	await expect(page.getByTestId('template-status')).toHaveText('Em análise', { timeout: 15_000 });
	await simulator.post(`templates/${(await template(simulator, name)).id}`, { action: 'approve' });
	await expect(page.getByTestId('template-status')).toHaveText('Aprovado', { timeout: 20_000 });
	await expect(page.getByText(/foi aprovado/i).first()).toBeVisible();

	await simulator.write(customer, { text: 'Quando fica pronto?' });
	const phone = await phoneOf(customer);
	await inbox.open();
	await expect(inbox.row(customer)).toBeVisible();
	await sql`
		update public.conversations c set window_expires_at = now() - interval '1 hour'
		from public.contacts p where p.id = c.contact_id and p.phone = ${customer.wa_id}`;
	await inbox.enter(customer);
	await page.getByTestId('composer-template').click();
	const picker = page.getByTestId('template-picker');
	await picker.getByRole('combobox').fill(name.replaceAll('_', ' '));
	await picker.getByRole('combobox').press('Enter');
	const first = customer.name.split(' ')[0] ?? '';
	await expect(picker.getByTestId('template-field')).toHaveValue(first);
	await expect(picker.getByTestId('template-preview')).toContainText(`Olá, ${first}! Seu bolo já pode ser retirado`);
	await picker.getByTestId('template-send').click();

	await expect(picker).toBeHidden();
	await expect(inbox.thread(customer).message(`Olá, ${first}!`)).toHaveCount(1);
	await expect(phone.bubble(`Olá, ${first}! Seu bolo já pode ser retirado na loja. Até logo!`)).toBeVisible();
});

test('a template that WhatsApp pauses is refused before it is queued, in a sentence that says why', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	const inbox = await inboxOf('ana');
	const { page } = inbox;
	const { id } = await template(simulator, 'lembrete_de_retirada');
	await simulator.write(customer, { text: 'Oi' });
	await simulator.post(`templates/${id}`, { action: 'pause' });
	await expect
		.poll(async () => (await sql`select status from public.templates where external_id = ${id}`)[0]?.status as string)
		.toBe('PAUSED');

	await inbox.open();
	await expect(inbox.row(customer)).toBeVisible();
	await sql`
		update public.conversations c set window_expires_at = now() - interval '1 hour'
		from public.contacts p where p.id = c.contact_id and p.phone = ${customer.wa_id}`;
	await inbox.enter(customer);
	await page.getByTestId('composer-template').click();
	const picker = page.getByTestId('template-picker');
	await picker.getByRole('combobox').fill('lembrete de retirada');
	const option = picker.getByRole('option').filter({ hasText: 'Lembrete de retirada' });
	await expect(option).toHaveAttribute('aria-disabled', 'true');
	await expect(option).toContainText('pausou este modelo por baixa qualidade');
	await picker.getByRole('combobox').press('Enter');
	await expect(picker.getByTestId('template-send')).toHaveCount(0);

	await page.goto('/padaria/settings/templates');
	await expect(page.getByTestId('template-calls')).toContainText('Lembrete de retirada');
	await simulator.post(`templates/${id}`, { action: 'unpause' });
});

test('a carousel is written card by card, handed in with its pictures and approved', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const { page } = await inboxOf('ana');
	const name = `bolos_em_espera_${customer.wa_id}`;
	await page.goto('/padaria/settings/templates/new');
	await page.getByTestId('template-name').fill(name);
	const account = page.getByLabel('Conta do WhatsApp');
	if (await account.isVisible()) await account.selectOption({ label: 'WhatsApp da padaria' });
	await page.getByLabel('Tipo de mensagem').selectOption({ label: 'Carrossel de cartões' });
	await expect(page.getByRole('radio', { name: /^Marketing/ })).toBeChecked();
	await page.getByTestId('template-body').fill('Os bolos desta semana:');
	const cards = page.getByTestId('template-card');
	for (const [index, cake] of ['Cenoura', 'Fubá'].entries()) {
		const card = cards.nth(index);
		await card.getByTestId('template-file').setInputFiles({ name: 'bolo.png', mimeType: 'image/png', buffer: PHOTO });
		await expect(card.getByRole('button', { name: 'Remover arquivo' })).toBeVisible();
		await card.getByLabel('Texto do cartão').fill(`Bolo de ${cake}`);
		await card.getByLabel('Texto do botão').fill('Encomendar');
		await card.getByLabel('Endereço').fill(`https://padaria.test/${index}`);
	}
	await expect(page.getByTestId('template-preview')).toContainText('Bolo de Fubá');
	await page.getByTestId('template-submit').click();
	await expect(page.getByTestId('template-status')).toHaveText('Em análise', { timeout: 15_000 });

	const held = await template(simulator, name);
	const carousel = held.components.find(({ type }) => type === 'CAROUSEL');
	expect(
		carousel?.cards?.map(({ components }) => components.map(({ type, format, text }) => text ?? format ?? type))
	).toEqual([
		['IMAGE', 'Bolo de Cenoura', 'BUTTONS'],
		['IMAGE', 'Bolo de Fubá', 'BUTTONS']
	]);
	await simulator.post(`templates/${held.id}`, { action: 'approve' });
	await expect(page.getByTestId('template-status')).toHaveText('Aprovado', { timeout: 20_000 });
});
