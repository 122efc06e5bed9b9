import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Flows } from '../../../workers/src/flows/advance.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { drawing, publishFlow, runsIn, saidIn } from './bots.ts';

const database = useDatabase();
const greeting = (text: string) => ({ nodes: [{ id: 'm', type: 'message', text }], lines: ['s > m'] });
const keyword = (word: string) => ({ type: 'keyword', words: [word], match: 'whole' });

const conversationOf = async (id: string) => {
	const [row] = await database.owner`
		select owner, owner_epoch, last_seq::integer, waiting_since is not null as waits from public.conversations where id = ${id}`;
	return row;
};

test('a worker that knows a flow begins the version published since', async () => {
	const flow = await publishFlow(database, greeting('Um'), [keyword('versao')]);
	const worker = new Flows(database.worker);
	const first = await customerWrites(database, 'versao');
	await worker.advance(first.id);
	await database.as('sofia', async (sql) => {
		const draft = JSON.stringify(drawing(greeting('Dois')));
		await sql`select public.save_flow(${uuid('padaria')}, ${flow}, 'Outra versão', ${draft}::text::jsonb, 1)`;
		await sql`select public.publish_flow(${flow}, 2)`;
	});
	const second = await customerWrites(database, 'versao');
	await worker.advance(second.id);
	expect(await saidIn(database, first.id)).toEqual(['contact: versao', 'bot: Um']);
	expect(await saidIn(database, second.id)).toEqual(['contact: versao', 'bot: Dois']);

	await database.owner`update public.flow_triggers set active = false where flow_id = ${flow}`;
	const third = await customerWrites(database, 'versao');
	expect(await worker.advance(third.id)).toBe(0);
	expect(await runsIn(database, third.id)).toEqual([]);
});

test('a person who was faster than the bot’s first word has the conversation, and nothing of the bot is left in it', async () => {
	const flow = await publishFlow(database, greeting('Oi'), [keyword('rapido')]);
	const { id } = await customerWrites(database, 'rapido');
	const [trigger] = await database.owner<{ id: string; found: { pins: object } }[]>`
		select id, private.flow_of_trigger(id) as found from public.flow_triggers where flow_id = ${flow}`;
	const step = {
		state: { ended: null, waiting: null },
		effects: [{ id: 1, type: 'send', node: 'm', content: { kind: 'text', text: 'Oi' } }],
		visits: [{ flow, node: 'm', branch: null }],
		cursor: 1,
		at: Date.now()
	};
	const commit = async (pins: object | undefined) => {
		const beginning = { run_id: randomUUID(), trigger_id: trigger?.id, seq: 1, pins };
		const [row] = await database.worker<{ results: string[] }[]>`
			select private.commit_flow_steps(${JSON.stringify([{ conversation_id: id, beginning, step }])}::text::jsonb) as results`;
		return row?.results;
	};
	expect(await commit({ [flow]: randomUUID() })).toEqual(['stale']);
	await answer(database, 'ana', id, 'Deixa comigo');
	expect(await commit(trigger?.found.pins)).toEqual(['stale']);
	expect(await runsIn(database, id)).toEqual([]);
	expect(await saidIn(database, id)).toEqual(['contact: rapido', 'agent: Deixa comigo']);
	expect(await conversationOf(id)).toMatchObject({ owner: 'human', owner_epoch: 0 });
});

test('beginning, first word and who waits are one change of the conversation, told once', async () => {
	await publishFlow(
		database,
		{
			nodes: [{ id: 'q', type: 'question', text: 'Seu nome?', answer: { kind: 'text' }, save_as: 'nome' }],
			lines: ['s > q'],
			variables: [{ name: 'nome', type: 'text' }]
		},
		[keyword('pergunta')]
	);
	const { id } = await customerWrites(database, 'pergunta');
	const told = () => database.owner<{ count: number }[]>`
		select count(*)::integer as count from realtime.messages
		where event = 'conversation' and payload ->> 'id' = ${id} and topic like 'inbox:%:all'`;
	const [before] = await told();
	await new Flows(database.worker).advance(id);
	const [after] = await told();
	expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(1);
	expect(await conversationOf(id)).toEqual({ owner: 'bot', owner_epoch: 1, last_seq: 2, waits: false });
	expect(await runsIn(database, id)).toMatchObject([{ status: 'live', revision: 1, cursor: '1' }]);
});
