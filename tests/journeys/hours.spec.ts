import { expect, test } from './journey.ts';

test('a workshop that closes says so once to whoever writes, and keeps them waiting in the list', async ({
	inboxOf,
	phoneOf,
	customer,
	simulator
}) => {
	const bruno = await inboxOf('bruno');
	const { page } = bruno;
	await page.goto('/oficina/settings/hours');
	await expect(page.getByRole('heading', { name: 'Horários' })).toBeVisible();
	const switches = page.getByRole('switch', { name: /^Aberto: / });
	await expect(switches).toHaveCount(7);
	for (const one of await switches.all()) {
		if (await one.isChecked()) await one.click();
	}
	await page.getByRole('switch', { name: 'Mensagem de ausência' }).click();
	await page.getByLabel('Texto da mensagem de ausência').fill('A oficina está fechada. Já respondemos!');
	await page.getByRole('button', { name: 'Salvar' }).click();
	await expect(page.getByText('Horário salvo.')).toBeVisible();
	await expect(page.getByText('Fechado sempre')).toBeVisible();

	const phone = await phoneOf(customer, 'oficina');
	await phone.write('Vocês consertam freio?');
	await expect(phone.bubble('A oficina está fechada. Já respondemos!')).toBeVisible();
	await phone.write('É urgente');
	await simulator.write(customer, { text: 'Alô?' }, 'oficina');

	await bruno.open();
	await expect(bruno.row(customer)).toContainText('Alô?');
	await expect(bruno.row(customer)).toContainText('3 não lidas');
	await expect(phone.bubble('A oficina está fechada. Já respondemos!')).toHaveCount(1);

	// Open again for whoever comes next; Tuesday is typed as people write it.
	await page.goto('/oficina/settings/hours');
	await page.getByRole('switch', { name: 'Aberto: terça-feira' }).click();
	await page.getByLabel('terça-feira, das').fill('7h30');
	await page.getByLabel('terça-feira, das').press('Tab');
	await expect(page.getByLabel('terça-feira, das')).toHaveValue('07:30');
	await page.getByRole('button', { name: 'De segunda a sexta como terça-feira' }).click();
	await page.getByRole('switch', { name: 'Mensagem de ausência' }).click();
	await page.getByRole('button', { name: 'Salvar' }).click();
	await expect(page.getByText('Horário salvo.')).toBeVisible();
	await page.reload();
	await expect(page.getByLabel('sexta-feira, das')).toHaveValue('07:30');
});
