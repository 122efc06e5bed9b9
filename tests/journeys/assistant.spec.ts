import { expect, test } from './journey.ts';

test.slow();

test('a bot calls the assistant, who says a price, finds a boleto, and fetches a person', async ({
	inboxOf,
	phoneOf,
	customer
}) => {
	const phone = await phoneOf(customer, 'oficina');
	await phone.write('assistente');
	await expect(phone.bubble('Eu sou a Bia')).toBeVisible({ timeout: 30_000 });
	await phone.write('Quanto custa a troca de óleo?');
	await expect(phone.bubble('R$ 189,00')).toBeVisible({ timeout: 30_000 });
	await phone.write('Preciso da segunda via do boleto, meu CPF é 529.982.247-25');
	await expect(phone.bubble('99,90')).toBeVisible({ timeout: 30_000 });
	await expect(phone.bubble('000201')).toBeVisible();
	await phone.write('Quero falar com um atendente');

	const inbox = await inboxOf('bruno');
	await inbox.open();
	const thread = await inbox.enter(customer);
	await expect(thread.page.getByText('A IA passou a conversa para a equipe.')).toBeVisible({ timeout: 30_000 });
});
