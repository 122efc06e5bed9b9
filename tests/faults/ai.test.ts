import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startModelSimulator, type ModelSimulator } from '../../simulators/model/index.ts';
import { MODEL_KEY } from '../../simulators/model/src/access.ts';
import { publishAgent } from '../database/ai/agents.ts';
import { useDatabase } from '../database/database.ts';
import { delivery, receive, textFrom } from '../database/deliveries.ts';
import { saidIn } from '../database/flows/bots.ts';
import { customerWrites } from '../database/threads.ts';
import { Workers } from './workers.ts';

const database = useDatabase();
const patience = { timeout: 60_000, interval: 50 };
let model: ModelSimulator;
let workers: Workers;

beforeAll(async () => {
	model = await startModelSimulator();
	process.env['OPENAI_BASE_URL'] = model.baseUrl;
	process.env['OPENAI_API_KEY'] = MODEL_KEY;
	workers = new Workers(database, 'http://127.0.0.1:9');
	await publishAgent(database, { tools: ['hand_over'], hand_over: { after_answers: 50 } });
	// Long enough that a worker dies while a model thinks.
	await fetch(`${model.url}/_simulator/faults`, {
		method: 'POST',
		body: JSON.stringify({ endpoint: 'chat', delay_ms: 400, times: 10_000 })
	});
});

afterAll(async () => {
	await workers.stop();
	delete process.env['OPENAI_BASE_URL'];
	delete process.env['OPENAI_API_KEY'];
	await model.close();
});

test('workers killed in the middle of agents’ turns lose no answer and give none twice', async () => {
	let worker: ChildProcess = await workers.start();
	const kill = async () => {
		const gone = once(worker, 'exit');
		worker.kill('SIGKILL');
		await gone;
		worker = await workers.start();
	};
	const words = ['bom dia', 'quanto custa o plano?', 'obrigada'];
	const chats: { id: string; phone: string }[] = [];
	for (let chat = 0; chat < 8; chat++) chats.push(await customerWrites(database, words[0]));
	const lines = () => Promise.all(chats.map(({ id }) => saidIn(database, id)));
	for (const [turn, word] of words.entries()) {
		if (turn > 0)
			await Promise.all(chats.map(({ phone }) => receive(database.door, [delivery([textFrom(phone, word)])])));
		// Once while models think, and once more at a moment of its own.
		const before = model.asked.length;
		await expect.poll(async () => await openCalls(), { ...patience, interval: 5 }).toBeGreaterThan(0);
		await kill();
		await sleep(150 * turn);
		await kill();
		await expect
			.poll(async () => (await lines()).map((said) => said.length), patience)
			.toEqual(chats.map(() => 2 * (turn + 1)));
		expect(model.asked.length).toBeGreaterThan(before);
	}
	for (const said of await lines()) {
		expect(said.map((line) => line.split(':')[0])).toEqual(words.flatMap(() => ['contact', 'ai']));
		expect(said.filter((_line, index) => index % 2 === 0)).toEqual(words.map((word) => `contact: ${word}`));
	}
	const [turns] = await database.owner<{ kept: number; said: number }[]>`
		select count(*)::integer as kept, count(distinct message_id)::integer as said from public.ai_turns`;
	expect(turns).toEqual({ kept: chats.length * words.length, said: chats.length * words.length });
	expect(await openCalls(), 'some call was cut off with its worker, and is known').toBeGreaterThan(0);
	await database.owner`update public.ai_calls set created_at = now() - interval '11 minutes' where status = 'open'`;
	const [tidied] = await database.worker<{ lost: number }[]>`select private.tidy_ai_calls() as lost`;
	expect(tidied?.lost).toBeGreaterThan(0);
	expect(await openCalls()).toBe(0);
}, 240_000);

async function openCalls(): Promise<number> {
	const [row] = await database.owner<{ open: number }[]>`
		select count(*)::integer as open from public.ai_calls where status = 'open'`;
	return row?.open ?? 0;
}
