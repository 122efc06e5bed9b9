import { expect, test } from './journey.ts';
import { add, block, make, publish, saved, startBy } from './pages/drawing.ts';

test.slow();

test('a flow is drawn from nothing, tried, published, and answers a customer', async ({
	inboxOf,
	phoneOf,
	customer
}) => {
	const { page } = await inboxOf('sofia');
	const word = `bot${Date.now()}`;
	await make(page, `Cardápio ${word}`);

	await startBy(page, word);

	await add(page, 'botões');
	await page.getByRole('combobox', { name: 'O que perguntar' }).fill('Oi, {{contact.fi');
	await page.getByRole('option', { name: 'contact.first_name' }).click();
	await expect(page.getByRole('combobox', { name: 'O que perguntar' })).toHaveValue('Oi, {{contact.first_name}}');
	await page.getByLabel('Opção 1', { exact: true }).fill('Bolos');
	await page.getByLabel('Opção 2', { exact: true }).fill('Pães');
	await add(page, 'mensagem');
	await page.getByRole('combobox', { name: 'Texto' }).fill('Temos bolo de cenoura.');
	await add(page, 'fim');
	await block(page, 'buttons').click();
	await page.getByRole('combobox', { name: 'Pães' }).selectOption({ label: 'Fim' });
	await expect(page.getByTestId('problems')).toContainText('Sem problemas');
	await saved(page);

	await page.getByRole('button', { name: 'Experimentar' }).click();
	const trial = page.getByTestId('phone');
	await trial.getByRole('textbox', { name: 'Mensagem do cliente' }).fill('oi');
	await trial.getByRole('textbox', { name: 'Mensagem do cliente' }).press('Enter');
	await expect(trial.getByRole('log')).toContainText('Oi, Maria');
	await trial.getByRole('button', { name: 'Bolos' }).click();
	await expect(trial.getByRole('log')).toContainText('Temos bolo de cenoura.');
	await expect(trial.getByRole('log')).toContainText('O bot terminou.');

	await publish(page);

	const phone = await phoneOf(customer);
	await phone.write(word);
	await expect(phone.bubble(`Oi, ${customer.name.split(' ')[0] ?? ''}`)).toBeVisible();
	await phone.write('Bolos');
	await expect(phone.bubble('Temos bolo de cenoura.')).toBeVisible();
});

test('blocks are copied, taken away and brought back by keys', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	await make(page, `Teclas ${Date.now()}`, 'Menu');
	await expect(page.getByTestId('block')).toHaveCount(5);
	await block(page, 'buttons').click();
	await page.keyboard.press('Control+D');
	await expect(block(page, 'buttons')).toHaveCount(2);
	await page.keyboard.press('Delete');
	await expect(block(page, 'buttons')).toHaveCount(1);
	await page.keyboard.press('Control+Z');
	await expect(block(page, 'buttons')).toHaveCount(2);
	await page.keyboard.press('Control+Shift+Z');
	await expect(block(page, 'buttons')).toHaveCount(1);
	await saved(page);
	await page.reload();
	await expect(block(page, 'start')).toBeVisible({ timeout: 30_000 });
	await expect(page.getByTestId('block')).toHaveCount(5);
});

test('whoever draws over what somebody else saved is told, and nothing is lost', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	await make(page, `Dois ${Date.now()}`, 'Menu');
	const other = await page.context().newPage();
	await other.goto(page.url());
	await block(other, 'buttons').click();
	await other.getByRole('combobox', { name: 'O que perguntar' }).fill('Da outra janela');
	await saved(other);

	await block(page, 'buttons').click();
	await page.getByRole('combobox', { name: 'O que perguntar' }).fill('Desta janela');
	await expect(page.getByRole('alert')).toContainText('Nada foi sobrescrito');
	await page.getByRole('button', { name: 'Ficar com o dela' }).click();
	await expect(block(page, 'buttons')).toContainText('Da outra janela');
	await page.getByRole('button', { name: 'Desfazer' }).click();
	await expect(block(page, 'buttons')).toContainText('Desta janela');
	await saved(page);
});

test('a file that is no flow is refused with the place named', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	await page.goto('/padaria/flows');
	await page.getByRole('button', { name: 'Importar' }).click();
	const dialog = page.getByRole('dialog', { name: 'Importar' });
	const file = (text: string) => ({ name: 'bot.json', mimeType: 'application/json', buffer: Buffer.from(text) });
	await dialog
		.getByLabel('Arquivo')
		.setInputFiles(file('{"format":1,"nodes":[{"id":"s","type":"start","constructor":{}}],"edges":[]}'));
	await expect(dialog.getByRole('alert')).toContainText('nodes[0].constructor: key_forbidden');
	await expect(dialog.getByRole('button', { name: 'Criar' })).toBeDisabled();
});
