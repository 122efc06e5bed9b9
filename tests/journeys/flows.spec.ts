import { faultText } from '@prosa/core/flows/faults.ts';
import { HOSTILE, STRANGE } from '@prosa/core/flows/hostile.testing.ts';
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

test('what conversations came to stands beside the drawing and on its blocks', async ({
	inboxOf,
	phoneOf,
	customer
}) => {
	// Ended runs are counted once a minute.
	test.setTimeout(240_000);
	const { page } = await inboxOf('sofia');
	const word = `conta${Date.now()}`;
	await make(page, `Contado ${word}`);
	await startBy(page, word);
	await add(page, 'mensagem');
	await page.getByRole('combobox', { name: 'Texto' }).fill('Contado!');
	await add(page, 'fim');
	await saved(page);

	const beside = page.getByRole('button', { name: 'Desempenho' });
	const panel = page.getByTestId('performance');
	await beside.click();
	await expect(panel).toContainText('Nada a contar ainda');
	await beside.click();
	await publish(page);

	const phone = await phoneOf(customer);
	await phone.write(word);
	await expect(phone.bubble('Contado!')).toBeVisible();

	// The panel is asked again until they are.
	await expect(async () => {
		if (await panel.isVisible()) await beside.click();
		await beside.click();
		await expect(panel.getByText('Chegaram ao fim')).toBeVisible({ timeout: 3_000 });
	}).toPass({ timeout: 150_000 });
	const figure = (name: string) => panel.getByText(name, { exact: true }).locator('..').getByRole('definition');
	await expect(figure('Conversas')).toHaveText('1');
	await expect(figure('Chegaram ao fim')).toHaveText(/^100\s?%$/);
	await expect(figure('Sem precisar de gente')).toHaveText(/^100\s?%$/);
	// What lies outside the view is not drawn.
	await page.getByRole('button', { name: 'Ver tudo' }).click();
	for (const type of ['start', 'message', 'end'])
		await expect(block(page, type).getByTestId('passed')).toContainText('1 passaram');
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

test('hostile files are refused with the place named, in the language of the page, and nothing is made', async ({
	inboxOf
}) => {
	const { page } = await inboxOf('sofia');
	await page.goto('/padaria/flows');
	await page.getByTestId('flow').first().waitFor();
	const flows = await page.getByTestId('flow').count();
	await page.getByRole('button', { name: 'Importar' }).click();
	const dialog = page.getByRole('dialog', { name: 'Importar' });
	const alert = dialog.getByRole('alert');
	const give = (text: string) =>
		dialog
			.getByLabel('Arquivo')
			.setInputFiles({ name: 'bot.json', mimeType: 'application/json', buffer: Buffer.from(text) });

	await give('{"format":1,"nodes":[{"id":"s","type":"start","constructor":{}}],"edges":[]}');
	await expect(alert).toContainText('Um campo com este nome não é aceito.');
	await expect(alert).toContainText('nodes[0].constructor');
	for (const { text, path, code } of HOSTILE) {
		// A browser takes a byte order mark away, and what is left is a flow.
		if (text.startsWith('\ufeff')) continue;
		await give(text);
		// What is larger than any flow is not read, and so has no place.
		const said = faultText({ path, code, node: null }, 'pt-BR');
		await expect(alert).toContainText(said);
		if (path) await expect(alert.getByText(path, { exact: true }).first()).toBeVisible();
		await expect(dialog.getByRole('button', { name: 'Criar' })).toBeDisabled();
	}
	await dialog.getByRole('button', { name: 'Cancelar' }).click();
	await page.reload();
	await page.getByTestId('flow').first().waitFor();
	await expect(page.getByTestId('flow')).toHaveCount(flows);
});

test('scripts in an imported flow stay text', async ({ inboxOf }) => {
	const { page } = await inboxOf('sofia');
	const called: string[] = [];
	page.on('dialog', (dialog) => {
		called.push(dialog.message());
		void dialog.dismiss();
	});
	await page.goto('/padaria/flows');
	await page.getByRole('button', { name: 'Importar' }).click();
	const dialog = page.getByRole('dialog', { name: 'Importar' });
	await dialog.getByLabel('Arquivo').setInputFiles({
		name: `Roteiro ${Date.now()}.json`,
		mimeType: 'application/json',
		buffer: Buffer.from(STRANGE[0]?.text ?? '')
	});
	await dialog.getByRole('button', { name: 'Criar' }).click();
	await expect(block(page, 'message')).toContainText('<img src=x onerror=alert(1)>', { timeout: 30_000 });
	await block(page, 'message').click();
	await expect(page.getByRole('combobox', { name: 'Texto' })).toHaveValue('<img src=x onerror=alert(1)>');
	expect(called).toEqual([]);
});
