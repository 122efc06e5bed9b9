import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { answer, customerWrites } from '../threads.ts';
import { publishFlow, works } from './bots.ts';

const database = useDatabase();
const performanceOf = async (flow: string, days = 30) =>
	database.as('sofia', async (sql) => {
		const [row] = await sql<
			{ found: Record<string, unknown> }[]
		>`select public.flow_performance(${flow}, ${days}) as found`;
		return row?.found;
	});
const fold = async () =>
	(await database.worker<{ folded: number }[]>`select private.fold_flow_counts() as folded`)[0]?.folded;

test('each run is counted once, at every node it came to, and where it was given up', async () => {
	const flow = await publishFlow(
		database,
		{
			nodes: [
				{ id: 'q', type: 'question', text: 'Nome?', answer: { kind: 'text' }, save_as: 'x' },
				{
					id: 'b',
					type: 'buttons',
					text: 'E?',
					options: [
						{ id: 'end', label: 'Fim' },
						{ id: 'person', label: 'Alguém' }
					]
				},
				{ id: 'm', type: 'message', text: 'Até!' },
				{ id: 'p', type: 'handover' }
			],
			lines: ['s > q', 'q > b', 'b:end > m', 'b:person > p'],
			variables: [{ name: 'x', type: 'text' }]
		},
		[{ type: 'keyword', words: ['contar'], match: 'whole' }]
	);
	expect(await performanceOf(flow)).toEqual({ live: 0, runs: 0, completed: 0, contained: 0, nodes: [] });

	const chat = async (...texts: string[]) => {
		const { id, phone } = await customerWrites(database, 'contar');
		await works(database, id);
		for (const text of texts) {
			await receive(database.door, [delivery([textFrom(phone, text)])]);
			await works(database, id);
		}
		return id;
	};
	await chat('Ana', '1');
	await chat('Bia', '1');
	await chat('Caio', '2');
	await answer(database, 'caio', await chat());
	await answer(database, 'caio', await chat('Davi'));
	await chat('Eva');
	expect(await fold()).toBe(5);
	expect(await fold(), 'once').toBe(0);

	const node = (id: string, runs: number, completed: number, left = 0, branch = '') => ({
		node: id,
		branch,
		runs,
		completed,
		contained: completed,
		left
	});
	expect(await performanceOf(flow)).toEqual({
		live: 1,
		runs: 5,
		completed: 2,
		contained: 2,
		nodes: expect.arrayContaining([
			node('s', 5, 2),
			node('q', 5, 2, 1),
			node('q', 4, 2, 0, 'next'),
			node('b', 4, 2, 1),
			node('b', 2, 2, 0, 'end'),
			node('b', 1, 0, 0, 'person'),
			node('m', 2, 2),
			node('p', 1, 0)
		]) as unknown
	});
	await database.owner`update public.flow_counts set day = day - 40`;
	expect(await performanceOf(flow)).toMatchObject({ runs: 0 });
	expect(await performanceOf(flow, 90)).toMatchObject({ runs: 5 });
	await expect(database.as('bruno', (sql) => sql`select public.flow_performance(${flow}, 30)`)).rejects.toThrow(
		'flow_not_found'
	);
});
