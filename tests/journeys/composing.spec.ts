import { readFileSync } from 'node:fs';
import { expect, test } from './journey.ts';

/** A picture that really is one. */
const PHOTO = readFileSync(new URL('../../docs/inbox.png', import.meta.url));
/** The same picture with 6 MB behind its end, which decoders pass over. */
const LARGE = Buffer.concat([PHOTO, Buffer.alloc(6 * 1_048_576)]);

test('a picture from the computer arrives on the phone with what was written beside it', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Como ficou o bolo?' });
	const phone = await phoneOf(customer);
	const thread = await (await inboxOf('ana')).enter(customer);

	await thread.pick({ name: 'bolo.png', mimeType: 'image/png', buffer: PHOTO });
	await expect(thread.attachment('bolo.png')).toBeVisible();
	await expect(thread.field).toBeFocused();
	await thread.answer('Olha só!');

	const picture = phone.bubble('Olha só!');
	await expect(picture.getByRole('img', { name: 'Olha só!' })).toBeVisible();
	await expect
		.poll(() => picture.locator('img.picture').evaluate((image: HTMLImageElement) => image.naturalWidth))
		.toBeGreaterThan(0);
	const sent = thread.message('Olha só!');
	await expect(sent).toHaveAttribute('data-kind', 'image');
	await expect(sent).toHaveAttribute('data-status', /delivered|read/);
	await expect(thread.tray).toBeHidden();
	const [, message] = await simulator.chat(customer);
	expect(message).toMatchObject({ kind: 'image', content: { caption: 'Olha só!' } });
});

test('several files go one after another, each with its caption, the text last', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Mandem os documentos' });
	const thread = await (await inboxOf('ana')).enter(customer);
	const pdf = { mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') };
	await thread.pick({ name: 'nota.pdf', ...pdf }, { name: 'cardápio.pdf', ...pdf });
	await thread.pane.getByLabel('Legenda de nota.pdf').fill('A nota');
	await thread.answer('É tudo, obrigada');
	await expect(thread.message('É tudo, obrigada')).toHaveAttribute('data-status', /sent|delivered|read/);
	const sent = (await simulator.chat(customer)).filter(({ direction }) => direction === 'out');
	expect(sent.map(({ kind, content }) => [kind, content['filename'] ?? content['body'], content['caption']])).toEqual([
		['document', 'nota.pdf', 'A nota'],
		['document', 'cardápio.pdf', undefined],
		['text', 'É tudo, obrigada', undefined]
	]);
});

test('a file is dropped onto the conversation or pasted into the field', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Oi' });
	const thread = await (await inboxOf('ana')).enter(customer);
	await thread.drop('arrastada.png', 'image/png', PHOTO);
	await expect(thread.attachment('arrastada.png')).toBeVisible();
	await thread.paste('colada.png', 'image/png', PHOTO);
	await expect(thread.attachment('colada.png')).toBeVisible();
	await thread.attachment('arrastada.png').getByRole('button', { name: 'Retirar arrastada.png' }).click();
	await expect(thread.attachment('arrastada.png')).toBeHidden();
	await expect(thread.field).toBeFocused();
});

test('a file that WhatsApp would refuse is refused before it is sent, with what to do', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Manda a foto' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const uploads: string[] = [];
	ana.page.on('request', (request) => {
		if (request.method() === 'POST' && request.url().includes('/storage/')) uploads.push(request.url());
	});
	await thread.pick({ name: 'enorme.png', mimeType: 'image/png', buffer: LARGE });
	const item = thread.attachment('enorme.png');
	await expect(item.getByRole('alert')).toHaveText('O arquivo passa de 5 MB, o máximo do WhatsApp. Envie um menor.');
	await expect(thread.send).toBeDisabled();
	expect(uploads).toEqual([]);
	await item.getByRole('button', { name: 'Reduzir a foto' }).click();
	await expect(thread.attachment('enorme.jpg').getByRole('button', { name: 'Enviar como documento' })).toBeVisible();
	await thread.answer('Reduzida');
	await expect(thread.message('Reduzida')).toHaveAttribute('data-status', /sent|delivered|read/);
	await expect(thread.message('Reduzida')).toHaveAttribute('data-kind', 'image');
});

test('files beside an unsent text are still there after looking elsewhere', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const other = await simulator.newCustomer('Igor');
	await simulator.write(other, { text: 'Tudo bem?' });
	await simulator.write(customer, { text: 'Manda a foto' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.pick({ name: 'bolo.png', mimeType: 'image/png', buffer: PHOTO });
	await thread.field.fill('Este aqui');
	await expect(thread.attachment('bolo.png')).toBeVisible();
	const elsewhere = await ana.enter(other);
	await expect(elsewhere.tray).toBeHidden();
	await ana.enter(customer);
	await expect(thread.attachment('bolo.png')).toBeVisible();
	await expect(thread.field).toHaveValue('Este aqui');
});

test('a voice message is recorded, heard, sent, and arrives as one', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Pode gravar?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana', { permissions: ['microphone'] });
	const thread = await ana.enter(customer);
	await thread.field.press('Control+Shift+G');
	const recorder = thread.pane.getByTestId('voice-recorder');
	await expect(recorder).toHaveAttribute('data-phase', 'recording');
	await expect(recorder.getByRole('timer')).toHaveText('0:01');
	await recorder.getByRole('button', { name: 'Pausar gravação' }).click();
	await expect(recorder).toHaveAttribute('data-phase', 'paused');
	await recorder.getByRole('button', { name: 'Continuar gravação' }).click();
	await recorder.getByRole('button', { name: 'Parar e ouvir' }).click();
	await expect(recorder).toHaveAttribute('data-phase', 'recorded');
	await recorder.getByRole('button', { name: 'Enviar mensagem de voz' }).click();
	await expect(thread.field).toBeFocused();

	await expect(phone.messages.getByLabel('Mensagem de voz', { exact: true })).toBeVisible();
	const [, voice] = await simulator.chat(customer);
	expect(voice).toMatchObject({ kind: 'audio', content: { voice: true } });
	await expect(thread.message().nth(1)).toHaveAttribute('data-kind', 'audio');
});

test('buttons are offered, and what the customer taps comes back as an answer to them', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Confirma?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const form = await thread.form('Botões de resposta');
	await form.getByRole('button', { name: 'Enviar' }).click();
	await expect(form.getByText('Escreva o texto da mensagem.')).toBeVisible();
	await form.getByLabel('Texto', { exact: true }).fill('Sábado às 10 h?');
	await form.getByLabel('Botão 1').fill('Pode confirmar');
	await form.getByLabel('Botão 2').fill('Um texto que é longo demais');
	await expect(form.getByText('O texto do botão passa de 20 caracteres.')).toBeVisible();
	await form.getByLabel('Botão 2').fill('Outro horário');
	await expect(form.getByTestId('preview')).toContainText('Pode confirmar');
	await form.getByRole('button', { name: 'Enviar' }).click();
	await expect(form).toBeHidden();
	await expect(thread.field).toBeFocused();

	await phone.bubble('Sábado às 10 h?').getByRole('button', { name: 'Pode confirmar' }).click();
	const answer = thread.message().nth(2);
	await expect(answer).toHaveAttribute('data-kind', 'interactive');
	await expect(answer).toContainText('Pode confirmar');
});

test('a list, a place and a person arrive as what they are', async ({ phoneOf, inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Quais sabores? E onde fica?' });
	const phone = await phoneOf(customer);
	const thread = await (await inboxOf('ana')).enter(customer);

	const list = await thread.form('Lista de opções');
	await list.getByLabel('Texto', { exact: true }).fill('Escolha o sabor');
	await list.getByLabel('Texto do botão que abre a lista').fill('Ver sabores');
	await list.getByLabel('Opção 1').fill('Cenoura');
	await list.getByLabel('Opção 2').fill('Chocolate');
	await list.getByRole('button', { name: 'Enviar' }).click();
	await phone.bubble('Escolha o sabor').getByText('Ver sabores').click();
	await phone.bubble('Escolha o sabor').getByRole('button', { name: 'Chocolate' }).click();
	await expect(thread.message().nth(2)).toContainText('Chocolate');

	const place = await thread.form('Localização');
	await place.getByLabel('Latitude').fill('-23,5614');
	await place.getByLabel('Longitude').fill('-200');
	await place.getByLabel('Nome do lugar').fill('Padaria da esquina');
	await place.getByRole('button', { name: 'Enviar' }).click();
	await expect(place.getByText('A longitude vai de -180 a 180.')).toBeVisible();
	await place.getByLabel('Longitude').fill('-46,6559');
	await place.getByRole('button', { name: 'Enviar' }).click();
	await expect(phone.bubble('Padaria da esquina')).toBeVisible();

	const people = await thread.form('Contatos');
	await people.getByLabel('Buscar por nome ou telefone').fill(customer.name);
	await people.getByRole('button', { name: customer.name }).click();
	await people.getByRole('textbox', { name: 'Nome', exact: true }).fill('Seu Jorge');
	await people.getByLabel('Telefone', { exact: true }).fill('11 98888-7777');
	await people.getByRole('button', { name: 'Incluir' }).click();
	await people.getByRole('button', { name: 'Enviar' }).click();
	await expect(phone.bubble('Seu Jorge')).toContainText(customer.name);
});

test('emoji are found by their name, in the picker and behind a colon', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Hoje é meu aniversário' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.field.pressSequentially('Parabéns :aniver');
	await expect(ana.page.getByRole('option', { name: 'bolo de aniversário' })).toBeVisible();
	await ana.page.keyboard.press('Enter');
	await expect(thread.field).toHaveValue('Parabéns 🎂 ');
	await ana.page.keyboard.press('Control+.');
	await expect(ana.page.getByRole('searchbox', { name: 'Buscar emoji' })).toBeFocused();
	await ana.page.keyboard.type('balao');
	await expect(ana.page.getByRole('button', { name: 'balão', exact: true })).toBeVisible();
	await ana.page.keyboard.press('Enter');
	await expect(thread.field).toHaveValue('Parabéns 🎂 🎈');
	await expect(thread.field).toBeFocused();
});

test('the time left to answer is counted, warns in its last hour, and then the field gives way', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Até amanhã' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const left = thread.pane.getByTestId('window-left');
	await expect(left).toHaveAttribute('data-ending', 'false');
	await expect(left).toHaveText(/^\s*2[34] h\s*$/);
	const windowEnds = (minutes: number) => sql`
		update public.conversations set window_expires_at = now() + make_interval(mins => ${minutes})
		where id = ${ana.conversationId}`;
	await windowEnds(42);
	await expect(left).toHaveText(/Janela fecha em 4[1-4] min/);
	await expect(left).toHaveAttribute('data-ending', 'true');
	await windowEnds(-1);
	await expect(thread.field).toBeHidden();
	await expect(thread.pane.getByText('A janela de resposta fechou.')).toBeVisible();
	await thread.pane.getByRole('button', { name: 'Enviar modelo' }).click();
	await expect(ana.page.getByRole('dialog', { name: /modelo/i })).toBeVisible();
});

test('what is written without a connection waits, and goes by itself once it is back', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Tem pão?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	// What a file needs is loaded with the first one.
	await thread.pick({ name: 'forno.png', mimeType: 'image/png', buffer: PHOTO });
	await thread.attachment('forno.png').getByRole('button', { name: 'Retirar forno.png' }).click();
	await ana.page.context().setOffline(true);
	await thread.pick({ name: 'fornada.png', mimeType: 'image/png', buffer: PHOTO });
	await expect(thread.attachment('fornada.png')).toBeVisible();
	await thread.answer('Saindo do forno');
	await expect(thread.message('Saindo do forno')).toContainText('Sem conexão. Vai sozinha');
	await ana.page.context().setOffline(false);
	await expect(phone.bubble('Saindo do forno')).toHaveCount(1);
	await expect(thread.message('Saindo do forno')).toHaveAttribute('data-status', /delivered|read/);
});

test('every way to send is reached with the keyboard, from the menu and from the palette', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Onde fica?' });
	const ana = await inboxOf('ana');
	const { keyboard } = ana.page;
	const thread = await ana.enter(customer);
	await thread.field.press('Control+Shift+A');
	await expect(ana.page.getByRole('menuitem', { name: 'Localização', exact: true })).toBeVisible();
	await keyboard.press('l');
	const place = ana.page.getByRole('dialog', { name: 'Localização' });
	await expect(place.getByLabel('Latitude')).toBeFocused();
	await keyboard.press('Escape');
	await expect(place).toBeHidden();
	await expect(thread.field).toBeFocused();
	await keyboard.press('Control+k');
	const palette = ana.page.getByRole('dialog', { name: 'Buscar e agir' });
	await expect(palette.getByRole('combobox')).toBeFocused();
	await keyboard.type('Lista de opções');
	await expect(palette.getByRole('option', { name: 'Lista de opções' })).toHaveAttribute('aria-selected', 'true');
	await keyboard.press('Enter');
	await expect(ana.page.getByRole('dialog', { name: 'Lista de opções' })).toBeVisible();
	await keyboard.press('Escape');
	await expect(thread.field).toBeFocused();
	await thread.field.fill('pedido');
	await keyboard.press('Control+a');
	await keyboard.press('Control+b');
	await expect(thread.field).toHaveValue('*pedido*');
});
