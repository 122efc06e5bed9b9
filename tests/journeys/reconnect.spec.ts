import type { WebSocketRoute } from '@playwright/test';
import { expect, test } from './journey.ts';

const FIVE = ['Um pão', 'Dois sonhos', 'Três bolos', 'Quatro cafés', 'Cinco tortas'];

test('what arrives while the device is offline is there once it is back: nothing missing, nothing twice', async ({
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Posso fazer um pedido?' });
	const [ana, sofia] = [await inboxOf('ana'), await inboxOf('sofia')];
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	await ana.page.context().setOffline(true);
	await expect(ana.banner).toBeVisible();
	for (const text of FIVE) await simulator.write(customer, { text });
	const seenBySofia = await sofia.enter(customer);
	await expect(seenBySofia.message()).toHaveCount(6);
	await seenBySofia.answer('Pode, já anotei os cinco!');
	const newcomer = await simulator.newCustomer('Nina');
	await simulator.write(newcomer, { text: 'Cheguei agora' });
	await expect(sofia.row(newcomer)).toBeVisible();

	await ana.page.context().setOffline(false);
	await expect(ana.banner).toBeHidden();
	await expect(thread.message()).toHaveText(
		['Posso fazer um pedido?', ...FIVE, 'Pode, já anotei os cinco!'].map((text) => new RegExp(text))
	);
	await expect(ana.row(customer)).toHaveCount(1);
	await expect(ana.row(customer)).toContainText('Você: Pode, já anotei os cinco!');
	await expect(ana.row(newcomer)).toHaveCount(1);

	await simulator.write(customer, { text: 'Obrigada!' });
	await expect(thread.message('Obrigada!')).toHaveCount(1);
	await expect(thread.message()).toHaveCount(8);
});

test('an answer written offline says so, and goes out once by itself when the line is back', async ({
	phoneOf,
	inboxOf,
	simulator,
	customer
}) => {
	await simulator.write(customer, { text: 'Tem pão francês?' });
	const phone = await phoneOf(customer);
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	await ana.page.context().setOffline(true);
	await thread.answer('Tem sim, quentinho');
	const answer = thread.message('Tem sim, quentinho');
	await expect(answer.getByRole('status')).toContainText('Sem conexão. Vai sozinha');
	await ana.page.context().setOffline(false);
	await expect(phone.bubble('Tem sim, quentinho')).toHaveCount(1);
	await expect(answer.getByText('Sem conexão.')).toBeHidden();
	await expect(answer).toHaveCount(1);
	await expect(answer).toHaveAttribute('data-status', 'read');
});

test('a connection that the server ends again and again loses nothing', async ({ inboxOf, simulator, customer }) => {
	await simulator.write(customer, { text: 'Começo' });
	const ana = await inboxOf('ana');
	const sockets: WebSocketRoute[] = [];
	let refused = false;
	await ana.page.routeWebSocket(/\/realtime\/v1\//, (socket) => {
		if (refused) return void socket.close({ code: 1012 });
		socket.connectToServer();
		sockets.push(socket);
	});
	await ana.open();
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	const said: string[] = [];
	for (const [round, text] of FIVE.entries()) {
		refused = true;
		for (const socket of sockets.splice(0)) await socket.close({ code: 1012, reason: 'restart' });
		await simulator.write(customer, { text: `${text}, enquanto caía` });
		refused = false;
		await simulator.write(customer, { text: `${text}, ao voltar` });
		said.push(`${text}, enquanto caía`, `${text}, ao voltar`);
		await expect(thread.message()).toHaveCount(1 + 2 * (round + 1));
	}
	await expect(thread.message()).toHaveText(['Começo', ...said].map((text) => new RegExp(text)));
	await expect(ana.row(customer)).toHaveCount(1);
	await expect(ana.row(customer)).toContainText('Cinco tortas');
	await expect(ana.banner).toBeHidden();
});

test('the database ending the stream that Realtime reads costs nobody a message', async ({
	inboxOf,
	simulator,
	customer,
	sql
}) => {
	await simulator.write(customer, { text: 'Começo' });
	const ana = await inboxOf('ana');
	const thread = await ana.enter(customer);
	await expect(thread.message()).toHaveCount(1);

	const [stream] = await sql<{ pid: number }[]>`select pid from pg_stat_replication`;
	expect(stream, 'Realtime reads a replication stream').toBeDefined();
	process.kill(stream?.pid ?? 0, 'SIGTERM');
	for (const text of FIVE) await simulator.write(customer, { text });
	await expect(thread.message()).toHaveText(['Começo', ...FIVE].map((text) => new RegExp(text)));
	await simulator.write(customer, { text: 'Fim' });
	await expect(thread.message('Fim')).toBeVisible();
});
