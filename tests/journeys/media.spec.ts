import { readFile } from 'node:fs/promises';
import { expect, test } from './journey.ts';

const sample = async (name: string) =>
	(await readFile(new URL(`../../simulators/whatsapp/samples/${name}`, import.meta.url))).toString('base64');
const photo = async (caption: string, name = 'foto.jpg') => ({
	kind: 'image',
	caption,
	data: await sample(name),
	mime_type: 'image/jpeg'
});
const voice = async () => ({ kind: 'voice', data: await sample('voz.ogg'), mime_type: 'audio/ogg; codecs=opus' });

test('photos open over the whole screen, and one walks through them with the keyboard alone', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, await photo('Primeira'));
	await simulator.write(customer, await photo('Segunda', 'bolo.jpg'));
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const opener = thread.message('Primeira').getByRole('button', { name: 'Abrir em tela cheia: Primeira' });
	await expect(opener.getByRole('img')).toHaveJSProperty('complete', true);
	const room = await opener.boundingBox();
	expect(room?.width).toBeGreaterThan(100);

	await opener.focus();
	await ana.page.keyboard.press('Enter');
	const viewer = ana.page.getByTestId('viewer');
	await expect(viewer).toContainText('1 de 2');
	await expect(viewer.getByRole('img', { name: 'Primeira' })).toBeVisible();
	await ana.page.keyboard.press('ArrowRight');
	await expect(viewer).toContainText('2 de 2');
	await expect(viewer.getByRole('img', { name: 'Segunda' })).toBeVisible();
	for (let i = 0; i < 12; i++) {
		await ana.page.keyboard.press('Tab');
		expect(await viewer.evaluate((element) => element.contains(document.activeElement))).toBe(true);
	}
	const download = ana.page.waitForEvent('download');
	await viewer.getByRole('button', { name: 'Baixar' }).click();
	expect((await download).suggestedFilename()).toMatch(/\.jpe?g$/);
	await ana.page.keyboard.press('Escape');
	await expect(viewer).toBeHidden();
	await expect(opener).toBeFocused();
});

test('a film is streamed from where one wants to see it', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { kind: 'video', data: await sample('video.mp4'), mime_type: 'video/mp4' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const ranges: number[] = [];
	ana.page.on('response', (response) => {
		if (response.request().resourceType() === 'media') ranges.push(response.status());
	});
	await thread.message().getByRole('button', { name: 'Ver vídeo' }).click();
	await expect(thread.message().locator('video')).toBeVisible();
	await expect.poll(() => ranges).toContain(206);
});

test('voices play one at a time, go on with the next, and keep the speed one chose', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, await voice());
	await simulator.write(customer, await voice());
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const [first, second] = [thread.message().nth(0), thread.message().nth(1)];
	await expect(second.getByTestId('voice')).toBeVisible();
	await expect(first.getByTestId('voice-time')).not.toHaveText('0:00');

	await first.getByRole('button', { name: 'Velocidade 1×' }).click();
	await expect(second.getByRole('button', { name: 'Velocidade 1,5×' })).toBeVisible();
	await first.getByRole('button', { name: 'Ouvir' }).click();
	await expect(first.getByTestId('voice')).toHaveAttribute('data-playing', 'true');
	await second.getByRole('button', { name: 'Ouvir' }).click();
	await expect(second.getByTestId('voice')).toHaveAttribute('data-playing', 'true');
	await expect(first.getByTestId('voice')).toHaveAttribute('data-playing', 'false');

	// From near its end the first one goes on with the second.
	const position = first.getByRole('slider', { name: 'Posição' });
	await position.focus();
	await ana.page.keyboard.press('End');
	await expect(second.getByTestId('voice')).toHaveAttribute('data-playing', 'true');
	await ana.page.reload();
	await expect(thread.message().nth(0).getByRole('button', { name: 'Velocidade 1,5×' })).toBeVisible();
});

test('a document is saved under its own name', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { kind: 'document', filename: 'nota fiscal nº 12.pdf' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const download = ana.page.waitForEvent('download');
	await thread.message('nota fiscal').getByTestId('download').click();
	expect((await download).suggestedFilename()).toBe('nota fiscal nº 12.pdf');
});

test('a person’s files stand by kind, fill the screen, and lead back to where they were sent', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, await photo('Do bolo', 'bolo.jpg'));
	await simulator.write(customer, { kind: 'document', filename: 'pedido.pdf' });
	await simulator.write(customer, { text: 'O cardápio: https://padaria.test/cardapio.' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.message('pedido.pdf').getByTestId('download')).toBeVisible();
	await expect(thread.message('Do bolo').getByTestId('open-media')).toBeVisible();
	await ana.page.getByTestId('files-open').click();
	const files = ana.page.getByTestId('files');
	await files.getByRole('tab', { name: 'Documentos' }).click();
	await expect(files).toContainText('pedido.pdf');
	await files.getByRole('tab', { name: 'Documentos' }).press('ArrowRight');
	await expect(files.getByRole('link', { name: 'https://padaria.test/cardapio' })).toBeVisible();
	await files.getByRole('tab', { name: 'Fotos e vídeos' }).click();
	await files.getByRole('button', { name: 'Abrir em tela cheia: Do bolo' }).click();
	const viewer = ana.page.getByTestId('viewer');
	await expect(viewer).toContainText('1 de 1');
	// Esc goes back to the files, M to the message.
	await ana.page.keyboard.press('Escape');
	await expect(viewer).toHaveCount(0);
	await files.getByRole('button', { name: 'Abrir em tela cheia: Do bolo' }).click();
	await expect(viewer).toBeVisible();
	await ana.page.keyboard.press('m');
	await expect(files).toHaveCount(0);
	await expect(thread.message('Do bolo')).toBeInViewport();
});
