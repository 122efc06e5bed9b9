import { expect, test } from './journey.ts';

/** What is behind the phone's paper clip, and what an agent should find of it in the thread. */
const ATTACHED: { sample: string; kind: string; shown: string[]; holds?: string }[] = [
	{ sample: 'Foto de exemplo', kind: 'image', shown: ['Olha só!'], holds: 'open-media' },
	{ sample: 'Mensagem de voz', kind: 'audio', shown: [], holds: 'voice' },
	{ sample: 'Documento de exemplo', kind: 'document', shown: ['comprovante.pdf'], holds: 'download' },
	{ sample: 'Localização', kind: 'location', shown: ['Casa da Marina', 'Av. Paulista, 1578, São Paulo'] },
	{ sample: 'Contato', kind: 'contacts', shown: ['Rita de Souza', '97777-1234', 'Buffet da Rita'] },
	{ sample: 'Figurinha', kind: 'sticker', shown: [], holds: 'sticker' },
	{ sample: 'Pedido', kind: 'order', shown: ['BOLO-CENOURA', 'PAO-QUEIJO-12', 'R$ 85,00'] },
	{ sample: 'Veio de um anúncio', kind: 'text', shown: ['Veio de um anúncio', 'Vi o anúncio de vocês'] },
	{ sample: 'Enquete (não suportada)', kind: 'unsupported', shown: ['Mensagem não suportada'] }
];

/** What only the control API sends. */
const SENT: { action: Record<string, unknown>; kind: string; shown: string[]; holds?: string }[] = [
	{ action: { kind: 'audio' }, kind: 'audio', shown: [], holds: 'voice' },
	{ action: { kind: 'button', text: 'Quero', payload: 'p' }, kind: 'button', shown: ['Quero'] },
	{
		action: { kind: 'button_reply', id: 'sim', title: 'Sim, confirmo' },
		kind: 'interactive',
		shown: ['Sim, confirmo']
	},
	{
		action: { kind: 'list_reply', content: { id: 'manha', title: 'De manhã', description: '8 às 12 h' } },
		kind: 'interactive',
		shown: ['De manhã', '8 às 12 h']
	},
	{
		action: {
			kind: 'nfm_reply',
			response: { sabor: 'Cenoura', endereco: { rua: 'Rua A', numero: 12 }, embrulho: true, flow_token: 'f' }
		},
		kind: 'interactive',
		shown: ['Formulário respondido', 'Cenoura', 'Rua A', '12', 'Sim']
	},
	{ action: { text: 'Repasso', forwarded: true }, kind: 'text', shown: ['Encaminhada', 'Repasso'] },
	{
		action: { kind: 'raw', message: { type: 'hologram', hologram: { size: 3 } } },
		kind: 'unsupported',
		shown: ['Mensagem não suportada']
	}
];

test('everything the phone can attach is shown for what it is', async ({ phoneOf, inboxOf, customer }) => {
	const phone = await phoneOf(customer);
	await phone.write('Oi');
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	for (const [index, { sample, kind, shown, holds }] of ATTACHED.entries()) {
		await phone.attach(sample);
		const message = thread.message().nth(index + 1);
		await expect(message).toHaveAttribute('data-kind', kind);
		for (const text of shown) await expect(message).toContainText(text);
		if (holds) await expect(message.getByTestId(holds)).toBeVisible();
	}
	await expect(thread.message()).toHaveCount(1 + ATTACHED.length);
});

test('every other kind a customer can send is shown for what it is', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Oi' });
	const thread = await (await inboxOf('ana')).enter(customer);
	for (const [index, { action, kind, shown, holds }] of SENT.entries()) {
		await simulator.write(customer, action);
		const message = thread.message().nth(index + 1);
		await expect(message).toHaveAttribute('data-kind', kind);
		for (const text of shown) await expect(message).toContainText(text);
		if (holds) await expect(message.getByTestId(holds)).toBeVisible();
	}
});

test('reactions hang on what they react to, and come off again', async ({ phoneOf, inboxOf, customer }) => {
	const phone = await phoneOf(customer);
	await phone.write('Chegou?');
	const thread = await (await inboxOf('ana')).enter(customer);
	await thread.answer('Está a caminho');
	await expect(phone.bubble('Está a caminho')).toBeVisible();
	await phone.choose(phone.bubble('Está a caminho'), 'Reagir 👍');
	await expect(thread.message('Está a caminho')).toContainText('👍');
	await phone.choose(phone.bubble('Está a caminho'), 'Tirar reação');
	await expect(thread.message('Está a caminho')).not.toContainText('👍');
	await expect(thread.message()).toHaveCount(2);
});

test('an agent reacts to a message and takes it back, and the customer sees both', async ({
	phoneOf,
	inboxOf,
	customer
}) => {
	const phone = await phoneOf(customer);
	await phone.write('Obrigada pelo bolo!');
	const thread = await (await inboxOf('ana')).enter(customer);
	await thread.act('Obrigada pelo bolo!', 'Reagir com ❤️');
	const reaction = thread.message('Obrigada pelo bolo!').getByRole('button', { name: /^❤️ Você/ });
	await expect(reaction).toBeVisible();
	const felt = phone.bubble('Obrigada pelo bolo!').getByTestId('reactions');
	await expect(felt).toHaveText('❤️');
	await expect(thread.message()).toHaveCount(1);
	await reaction.click();
	await expect(reaction).toBeHidden();
	await expect(felt).toBeHidden();
});

test('what the customer corrects or takes back says so where it stands', async ({ phoneOf, inboxOf, customer }) => {
	const phone = await phoneOf(customer);
	await phone.write('Quero dois boolos');
	const thread = await (await inboxOf('ana')).enter(customer);
	await expect(thread.message('dois boolos')).toBeVisible();
	await phone.choose(phone.bubble('Quero dois boolos'), 'Editar');
	await phone.write('Quero dois bolos');
	await expect(thread.message('Quero dois bolos')).toContainText('editada');
	await thread.message('Quero dois bolos').getByRole('button', { name: 'editada' }).click();
	const versions = thread.page.getByTestId('versions');
	await expect(versions.getByRole('listitem')).toContainText([/Dizia.*Quero dois boolos/, /Editada.*Quero dois bolos/]);
	await thread.page.keyboard.press('Escape');
	await expect(thread.message()).toHaveCount(1);
	await phone.choose(phone.bubble('Quero dois bolos'), 'Apagar para todos');
	await expect(thread.message()).toContainText('Mensagem apagada pelo cliente');
	await expect(thread.message()).not.toContainText('Quero dois bolos');
	await thread.message().getByRole('button', { name: 'Ver o que dizia' }).click();
	await expect(thread.message()).toContainText('Quero dois bolos');
	await expect(thread.message()).toHaveCount(1);
});

test('a customer who changes number stays the same conversation, with a line that says so', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Vou trocar de número' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	const digits = `55219${customer.wa_id.slice(-8)}`;
	await simulator.write(customer, { kind: 'system', change: 'user_changed_number', new_number: digits });
	await expect(thread.log.getByText('O cliente mudou de número')).toBeVisible();
	await simulator.write({ ...customer, id: digits }, { text: 'Sou eu, de número novo' });
	await expect(thread.message('Sou eu, de número novo')).toBeVisible();
	await expect(ana.row(customer)).toHaveCount(1);
});

test('words that look like markup are shown as they were typed', async ({ phoneOf, inboxOf, customer }) => {
	const phone = await phoneOf(customer);
	const typed = '<img src=x onerror="document.title=1"><b>oi</b> {{7*7}}';
	await phone.write(typed);
	const ana = await inboxOf('ana');
	await expect(ana.row(customer)).toContainText(typed);
	const thread = await ana.enter(customer);
	await expect(thread.message(typed)).toBeVisible();
	await thread.answer(typed);
	await expect(phone.bubble(typed)).toHaveCount(2);
	await expect(ana.page).not.toHaveTitle('1');
	await expect(phone.page).not.toHaveTitle('1');
});
