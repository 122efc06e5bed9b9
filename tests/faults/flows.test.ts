import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database/database.ts';
import { delivery, receive, textFrom } from '../database/deliveries.ts';
import { publishFlow, runsIn, saidIn } from '../database/flows/bots.ts';
import { customerWrites } from '../database/threads.ts';
import { Workers } from './workers.ts';

const database = useDatabase();
const patience = { timeout: 60_000, interval: 50 };
let machine: Server;
/** The keys that the machine was called with, by who was asked about. */
const called = new Map<string, string[]>();
let workers: Workers;

beforeAll(async () => {
	machine = createServer((request, response) => {
		const name = new URL(request.url ?? '', 'http://machine').searchParams.get('name') ?? '';
		called.set(name, [...(called.get(name) ?? []), String(request.headers['idempotency-key'])]);
		// Long enough that a worker dies in the middle of it.
		setTimeout(() => response.end(JSON.stringify({ saldo: 12 })), 500);
	});
	machine.listen(0, '127.0.0.1');
	await once(machine, 'listening');
	const origin = `http://127.0.0.1:${(machine.address() as AddressInfo).port}`;
	process.env['FLOW_ORIGINS'] = origin;
	workers = new Workers(database, 'http://127.0.0.1:9');
	await publishFlow(
		database,
		{
			nodes: [
				{ id: 'q', type: 'question', text: 'Nome?', answer: { kind: 'text' }, save_as: 'nome' },
				{
					id: 'h',
					type: 'http',
					method: 'GET',
					url: `${origin}/?name={{nome}}`,
					retries: 0,
					save: [{ variable: 'saldo', path: 'saldo' }]
				},
				{ id: 'm', type: 'message', text: '{{nome}}: {{saldo}}' },
				{ id: 'no', type: 'message', text: 'fora do ar' }
			],
			lines: ['s > q', 'q > h', 'h > m', 'h:error > no', 'm > q', 'no > q'],
			variables: [
				{ name: 'nome', type: 'text' },
				{ name: 'saldo', type: 'number' }
			]
		},
		[{ type: 'keyword', words: ['saldo'], match: 'whole' }]
	);
});

afterAll(async () => {
	await workers.stop();
	delete process.env['FLOW_ORIGINS'];
	machine.close();
});

test('workers killed again and again in the middle of steps and calls end where one that lived would have', async () => {
	let worker: ChildProcess = await workers.start();
	const kill = async () => {
		const gone = once(worker, 'exit');
		worker.kill('SIGKILL');
		await gone;
		worker = await workers.start();
	};
	const chats: { id: string; phone: string }[] = [];
	for (let chat = 0; chat < 8; chat++) chats.push(await customerWrites(database, 'saldo'));
	const lines = async () => Promise.all(chats.map(({ id }) => saidIn(database, id)));
	const words = ['ana', 'bia'];
	let kills = 0;
	for (const [turn, word] of words.entries()) {
		const asked = turn * 3 + 2;
		await expect.poll(async () => (await lines()).map((said) => said.length), patience).toEqual(chats.map(() => asked));
		await Promise.all(
			chats.map(({ phone }, chat) => receive(database.door, [delivery([textFrom(phone, `${word}${chat}`)])]))
		);
		// Once before it is called, and once while calls are under way.
		await sleep(30);
		await kill();
		const before = called.size;
		await expect.poll(() => called.size, { ...patience, interval: 5 }).toBeGreaterThan(before);
		await kill();
		kills += 2;
	}
	expect(kills).toBe(4);
	await expect
		.poll(async () => (await lines()).map((said) => said.length), patience)
		.toEqual(chats.map(() => 2 + words.length * 3));

	for (const [chat, said] of (await lines()).entries()) {
		expect(said).toEqual([
			'contact: saldo',
			'bot: Nome?',
			...words.flatMap((word) => [`contact: ${word}${chat}`, `bot: ${word}${chat}: 12`, 'bot: Nome?'])
		]);
		const [run, ...others] = await runsIn(database, chats[chat]?.id ?? '');
		expect(others).toEqual([]);
		expect(run).toMatchObject({ status: 'live', state: { variables: { nome: `bia${chat}`, saldo: 12 } } });
		for (const word of words) expect(new Set(called.get(`${word}${chat}`)).size, 'one key, however often').toBe(1);
	}
	const again = [...called.values()].filter((keys) => keys.length > 1).length;
	expect(again, 'some call was cut off, and made again').toBeGreaterThan(0);
}, 240_000);
