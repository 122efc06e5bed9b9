import { firstSeen, statusesSeen } from './first_seen.ts';
import { expect, test } from './journey.ts';

const ROW = '[data-testid="conversation-row"]';
const MESSAGE = '[data-testid="message"]';

test('a customer writes, an agent in another browser sees it within a second, answers, and the ticks turn read', async ({
	phoneOf,
	inboxOf,
	customer
}) => {
	const ana = await inboxOf('ana');
	const phone = await phoneOf(customer);

	await phone.write('Bom dia! Vocês abrem hoje?');
	await expect(ana.row(customer)).toContainText('Bom dia! Vocês abrem hoje?');
	await expect(ana.row(customer)).toContainText('1 não lida');

	const listed = firstSeen(ana.page, ROW, 'Queria encomendar um bolo');
	const written = Date.now();
	await phone.write('Queria encomendar um bolo');
	expect((await listed) - written, 'milliseconds from typing on the phone to the list').toBeLessThan(1_000);

	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(2);
	const read = firstSeen(ana.page, MESSAGE, 'Para sábado, de cenoura');
	const writtenThen = Date.now();
	await phone.write('Para sábado, de cenoura');
	expect((await read) - writtenThen, 'milliseconds from typing on the phone to the thread').toBeLessThan(1_000);

	const statuses = statusesSeen(ana.page, MESSAGE, 'Abrimos, sim!', 'read');
	await thread.answer('Abrimos, sim! Anotado para sábado.');
	await expect(phone.bubble('Abrimos, sim! Anotado para sábado.')).toBeVisible();
	const order = ['queued', 'sending', 'sent', 'delivered', 'read'];
	const passed = await statuses;
	expect(passed, 'ticks never go back').toEqual(order.filter((status) => passed.includes(status)));
	await expect(thread.message('Abrimos, sim!').getByText('Lida')).toBeAttached();
	await expect(ana.row(customer)).toContainText('Você: Abrimos, sim!');
});

test('ticks say what happened: sent while the phone is off, delivered when it is on, read when the chat is opened', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Me avisa quando ficar pronto?' });
	await simulator.power(customer, false);
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await thread.answer('Ficou pronto agora!');
	const answer = thread.message('Ficou pronto agora!');

	await expect(answer).toHaveAttribute('data-status', 'sent');
	await expect(answer.getByText('Enviada')).toBeAttached();
	await simulator.power(customer, true);
	await expect(answer).toHaveAttribute('data-status', 'delivered');
	await expect(answer.getByText('Entregue')).toBeAttached();

	const phone = await phoneOf(customer);
	await expect(phone.bubble('Ficou pronto agora!')).toBeVisible();
	await expect(answer).toHaveAttribute('data-status', 'read');
	await expect(answer.getByText('Lida')).toBeAttached();
});

test('another company, watching its inbox all along, sees nothing of it and cannot open it', async ({
	inboxOf,
	simulator,
	customer
}) => {
	const bruno = await inboxOf('bruno');
	const ana = await inboxOf('ana');
	const secret = `segredo ${customer.id}`;
	await simulator.write(customer, { text: secret });
	const thread = await ana.enter(customer);
	await thread.answer(`sobre o ${secret}`);
	await expect(thread.message(`sobre o ${secret}`)).toHaveAttribute('data-status', 'delivered');

	// Bruno is live: what is his reaches him, after what is not.
	const own = await simulator.newCustomer('Otávio');
	await simulator.write(own, { text: 'E o meu carro?' }, 'oficina');
	await expect(bruno.row(own)).toContainText('E o meu carro?');
	await expect(bruno.row(customer)).toHaveCount(0);
	const frames = bruno.heard.join('\n');
	expect(frames).toContain('E o meu carro?');
	expect(frames).not.toContain(customer.id);

	const answer = await bruno.page.goto(`/padaria/inbox/${ana.conversationId}`);
	expect(answer?.status()).toBe(404);
	await expect(bruno.page.getByText('Esta página não existe ou você não tem acesso a ela.')).toBeVisible();
	await bruno.page.goto(`/oficina/inbox/${ana.conversationId}`);
	await expect(bruno.page.getByText('Esta conversa não está ao seu alcance')).toBeVisible();
	expect(await bruno.page.content()).not.toContain(customer.id);
});
