import { expect, test } from 'vitest';
import { Reading } from '../../../workers/src/ai/reading.ts';
import { useDatabase } from '../database.ts';
import { saidIn } from '../flows/bots.ts';
import { answer, customerWrites } from '../threads.ts';
import { publishAgent } from './agents.ts';

const database = useDatabase();
const TIMES = 1_000;
const AT_ONCE = 4;

/** What a worker has thought out, about to be kept. */
async function thoughtOut(id: string) {
	const [row] = await database.worker<{ reading: unknown }[]>`select private.take_ai_turn(${id}, true) as reading`;
	const read = Reading.parse(row?.reading);
	const turn = {
		up_to: read.up_to,
		text: 'Olá! Aqui é a IA.',
		outcome: 'answered',
		decision: {},
		effects: [],
		masks: []
	};
	return async () => {
		const [result] = await database.worker<{ result: string }[]>`
			select private.commit_ai_turn(${id}, ${read.owner_epoch}, ${read.revision}, ${JSON.stringify(turn)}::text::jsonb) as result`;
		return result?.result;
	};
}

test('a thousand times a person and an agent answer at the same moment: the agent never speaks after the person', async () => {
	await publishAgent(database);
	const ends: Record<string, number> = {};
	const after: string[] = [];
	const race = async (round: number) => {
		const { id } = await customerWrites(database, 'bom dia');
		const keep = await thoughtOut(id);
		const person = () => answer(database, 'caio', id, 'Sou eu, o Caio.');
		// Either is the first to knock, half of the times.
		const [result] =
			round % 2 === 0 ? await Promise.all([keep(), person()]) : (await Promise.all([person(), keep()])).reverse();
		ends[String(result)] = (ends[String(result)] ?? 0) + 1;
		const said = (await saidIn(database, id)).map((line) => line.split(':')[0]);
		if (said.indexOf('agent') < said.lastIndexOf('ai')) after.push(said.join(' '));
		if (result === 'taken_over' ? said.includes('ai') : !said.includes('ai'))
			after.push(`${result}: ${said.join(' ')}`);
	};
	for (let round = 0; round < TIMES; round += AT_ONCE)
		await Promise.all(Array.from({ length: AT_ONCE }, (_, one) => race(round + one)));
	console.log(`takeover: ${JSON.stringify(ends)}`);
	expect(after).toEqual([]);
	expect((ends['done'] ?? 0) + (ends['taken_over'] ?? 0), 'each ended one way or the other').toBe(TIMES);
	expect(ends['done'], 'sometimes the agent was first').toBeGreaterThan(0);
	expect(ends['taken_over'], 'and sometimes the person').toBeGreaterThan(0);
}, 300_000);
