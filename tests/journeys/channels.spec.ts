import { expect, test } from './journey.ts';
import type { PhoneMessage } from './simulator.ts';

const digits = (length: number) =>
	String(Math.random())
		.slice(2, 2 + length)
		.padEnd(length, '7');

test('a number is connected by the form, receives, loses its token, holds what is written and sends it with a new one', async ({
	inboxOf,
	simulator,
	customer
}) => {
	test.slow();
	const phone_number_id = `3${digits(14)}`;
	const tokens = [`EAAfirst${digits(16)}`, `EAAsecond${digits(16)}`];
	const display = `551130${digits(6)}`;
	const waba_id = `4${digits(14)}`;
	await simulator.post('businesses', {
		name: 'Padaria Filial',
		phone_number_id,
		waba_id,
		display_phone_number: display,
		tokens
	});
	const say = (text: string) => simulator.post('inbound', { phone_number_id, from: customer.id, text });
	await say('Cheguei antes de vocês');

	const ana = await inboxOf('ana');
	const { page } = ana;
	await page.keyboard.press('g');
	await page.keyboard.press('s');
	await page.getByRole('button', { name: 'Conectar número' }).click();

	const token = page.getByLabel('Token de acesso');
	await token.fill('EAAnobodyGaveThisTokenOut');
	await page.getByRole('button', { name: 'Conferir token' }).click();
	await expect(page.getByRole('alert')).toContainText('A Meta não reconhece este token');
	await token.fill(tokens[0] ?? '');
	await page.getByRole('button', { name: 'Conferir token' }).click();
	await expect(page.getByLabel(/ID da conta/)).toHaveValue(waba_id);
	await page.getByRole('button', { name: 'Ver números' }).click();
	await expect(page.getByRole('radio')).toBeChecked();
	await page.getByLabel('Nome do canal').fill(`Filial ${display.slice(-4)}`);
	await page.getByRole('button', { name: 'Conectar', exact: true }).click();
	await expect(page.getByText('Número conectado')).toBeVisible();
	// What came before the number was connected is there, and with it the proof that all of it works.
	await expect(page.getByText('Recebemos o primeiro webhook')).toBeVisible({ timeout: 30_000 });
	await page.getByRole('link', { name: 'Ver a saúde do canal' }).click();
	const health = page.getByTestId('channel-health');
	await expect(health.getByTestId('last-webhook')).not.toHaveText('Nunca');
	await expect(page.getByText('Conectado', { exact: true })).toBeVisible();
	const address = page.url();

	await simulator.post('tokens', { token: tokens[0], valid: false });
	await page.getByRole('link', { name: 'Caixa de entrada' }).click();
	const thread = await ana.enter(customer);
	await expect(thread.message('Cheguei antes de vocês')).toBeVisible();
	await thread.answer('Bem-vinda à filial!');
	await page.goto(address);
	await expect(health.getByText('Este canal parou de enviar')).toBeVisible({ timeout: 30_000 });
	await expect(health.getByTestId('outbox')).toContainText('1 na fila');

	await health.getByRole('button', { name: 'Trocar token' }).click();
	await page
		.getByRole('dialog')
		.getByLabel('Token de acesso')
		.fill(tokens[1] ?? '');
	await page.getByRole('button', { name: 'Conferir e salvar' }).click();
	await expect(page.getByText('Conectado', { exact: true })).toBeVisible();
	await expect(health.getByTestId('outbox')).toContainText('0 na fila', { timeout: 30_000 });
	const response = await fetch(`${simulator.url}/_simulator/chats/${phone_number_id}/${customer.id}`);
	const { messages } = (await response.json()) as { messages: PhoneMessage[] };
	expect(messages.filter(({ direction }) => direction === 'out').map(({ content }) => content['body'])).toEqual([
		'Bem-vinda à filial!'
	]);
});

test('a webhook that failed is found, mended and replayed by an admin, and shows in the inbox', async ({
	inboxOf,
	customer,
	facts,
	sql
}) => {
	const [channel] = await sql`
		select c.id, c.tenant_id, c.waba_id, c.phone_number_id
		from public.channels c join public.tenants t on t.id = c.tenant_id
		where c.phone_number_id = ${facts.whatsapp.phone_number_id}`;
	const mended = JSON.stringify({
		object: 'whatsapp_business_account',
		entry: [
			{
				id: channel?.waba_id,
				changes: [
					{
						field: 'messages',
						value: {
							metadata: { phone_number_id: channel?.phone_number_id },
							contacts: [{ wa_id: customer.wa_id, profile: { name: customer.name } }],
							messages: [
								{
									from: customer.wa_id,
									id: `wamid.mended.${digits(12)}`,
									timestamp: String(Math.floor(Date.now() / 1000)),
									type: 'text',
									text: { body: 'Agora chegou' }
								}
							]
						}
					}
				]
			}
		]
	});
	const broken = `${mended.slice(0, -1)},`;
	const [event] = await sql`
		insert into public.webhook_events (tenant_id, channel_id, sha256, raw, status, error)
		values (${channel?.tenant_id}, ${channel?.id}, encode(sha256(convert_to(${broken}, 'UTF8')), 'hex'), ${broken}, 'failed', 'not_json')
		returning id`;

	const ana = await inboxOf('ana');
	const { page } = ana;
	await page.keyboard.press('g');
	await page.keyboard.press('s');
	await page.getByRole('navigation', { name: 'Configurações' }).getByRole('link', { name: 'Webhooks' }).click();
	await page.locator(`a[href$="${String(event?.id)}"]`).click();
	await page.getByRole('button', { name: 'Corrigir' }).click();
	await expect(page.getByText('Isto ainda não é um JSON válido.')).toBeVisible();
	await page.getByLabel('Corpo recebido').fill(mended);
	await page.getByRole('button', { name: 'Salvar e reaplicar' }).click();
	await expect(page.getByTestId('replay-progress')).toContainText('1 reaplicados', { timeout: 30_000 });
	await expect(page.getByText('Como chegou, antes da correção')).toBeVisible();
	await page.getByRole('link', { name: 'Caixa de entrada' }).click();
	await expect((await ana.enter(customer)).message('Agora chegou')).toBeVisible();
});
