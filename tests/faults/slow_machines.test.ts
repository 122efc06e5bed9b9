import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { publishAgent } from '../database/ai/agents.ts';
import { useDatabase } from '../database/database.ts';
import { publishFlow, saidIn } from '../database/flows/bots.ts';
import { customerWrites } from '../database/threads.ts';
import { Workers } from './workers.ts';

const database = useDatabase();
const patience = { timeout: 60_000, interval: 50 };

test('while every call to slow machines hangs, other bots answer', async () => {
	const held: ServerResponse[] = [];
	const machine = createServer((_request, response) => void held.push(response)).listen(0, '127.0.0.1');
	await once(machine, 'listening');
	const origin = `http://127.0.0.1:${(machine.address() as AddressInfo).port}`;
	const settings = { FLOW_ORIGINS: origin, WORKER_CONCURRENCY: '2', FLOW_CONCURRENCY: '2', FLOW_CALL_CONCURRENCY: '2' };
	Object.assign(process.env, settings);
	const workers = new Workers(database, 'http://127.0.0.1:9');
	try {
		await publishFlow(
			database,
			{
				nodes: [
					{ id: 'h', type: 'http', method: 'GET', url: `${origin}/`, seconds: 15, retries: 3, save: [] },
					{ id: 'm', type: 'message', text: 'achei' },
					{ id: 'no', type: 'message', text: 'fora do ar' }
				],
				lines: ['s > h', 'h > m', 'h:error > no']
			},
			[{ type: 'keyword', words: ['lenta'], match: 'whole' }]
		);
		await publishFlow(database, { nodes: [{ id: 'm', type: 'message', text: 'oi!' }], lines: ['s > m'] }, [
			{ type: 'keyword', words: ['rapida'], match: 'whole' }
		]);
		await workers.start();
		const slow = [];
		for (let n = 0; n < 6; n++) slow.push(await customerWrites(database, 'lenta'));
		await expect.poll(() => held.length, patience).toBe(2);
		const quick = [];
		for (let n = 0; n < 6; n++) quick.push(await customerWrites(database, 'rapida'));
		for (const { id } of quick)
			await expect.poll(() => saidIn(database, id), patience).toEqual(['contact: rapida', 'bot: oi!']);
		// The machine has answered nobody yet: those who asked it still wait, and they alone.
		for (const { id } of slow) expect(await saidIn(database, id)).toEqual(['contact: lenta']);
		const answering = setInterval(() => held.splice(0).forEach((response) => response.end('{}')), 10);
		for (const { id } of slow)
			await expect.poll(() => saidIn(database, id), patience).toEqual(['contact: lenta', 'bot: achei']);
		clearInterval(answering);
	} finally {
		for (const name of Object.keys(settings)) delete process.env[name];
		await workers.stop();
		machine.closeAllConnections();
		machine.close();
	}
}, 240_000);

test('while every model hangs, other work is done', async () => {
	const held: ServerResponse[] = [];
	const model = createServer((_request, response) => void held.push(response)).listen(0, '127.0.0.1');
	await once(model, 'listening');
	const settings = {
		OPENAI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
		OPENAI_API_KEY: 'k',
		WORKER_CONCURRENCY: '2',
		AI_CONCURRENCY: '2'
	};
	Object.assign(process.env, settings);
	const workers = new Workers(database, 'http://127.0.0.1:9');
	try {
		await publishAgent(database, { timeout_seconds: 20 });
		await workers.start();
		const asked = [];
		for (let n = 0; n < 6; n++) asked.push(await customerWrites(database, 'oi'));
		// An agent answers and decides in two calls at once.
		await expect.poll(() => held.length, patience).toBe(4);
		await database.owner`select graphile_worker.add_job('inbox_counts__fold', '{}', job_key => 'beside')`;
		const waiting = () =>
			database.owner`select from graphile_worker.jobs where key = 'beside'`.then((rows) => rows.length);
		await expect.poll(waiting, patience).toBe(0);
		// No model has answered anybody meanwhile.
		expect(held.length).toBe(4);
		for (const { id } of asked) expect(await saidIn(database, id)).toEqual(['contact: oi']);
	} finally {
		for (const name of Object.keys(settings)) delete process.env[name];
		held.forEach((response) => response.destroy());
		await workers.stop();
		model.closeAllConnections();
		model.close();
	}
}, 120_000);
