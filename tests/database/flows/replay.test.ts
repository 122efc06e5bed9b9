import { expect, test } from 'vitest';
import { pino } from 'pino';
import { flowReplayRun } from '../../../workers/src/tasks/flow_replay__run.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites, refusal } from '../threads.ts';
import { drawing, publishFlow, saidIn, works, type Drawn } from './bots.ts';

const database = useDatabase();

const menu = (word: string, more: object[] = [], lines: string[] = []): Drawn => ({
	nodes: [
		{ id: 'q', type: 'question', text: `Nome, ${word}?`, answer: { kind: 'text', min: 3 }, save_as: 'nome' },
		{
			id: 'b',
			type: 'buttons',
			text: 'O que, {{nome}}?',
			options: [
				{ id: 'pao', label: 'Pão' },
				{ id: 'gente', label: 'Gente' }
			],
			timeout: 60
		},
		{ id: 'h', type: 'hours' },
		{ id: 'x', type: 'split', variants: [1, 2, 3].map((weight) => ({ id: `v${weight}`, weight })) },
		{
			id: 'c',
			type: 'condition',
			cases: [
				{
					id: 'ouro',
					when: { type: 'variables', match: 'all', tests: [{ variable: 'contact.plan', op: 'is', value: 'Ouro' }] }
				}
			]
		},
		{ id: 'm', type: 'message', text: 'Saindo do forno!' },
		{ id: 'p', type: 'handover', text: 'Já chamo.' },
		...more
	],
	lines: ['s > q', 'q > b', 'b:pao > h', 'b:gente > p', 'h:open > x', 'h:closed > x', ...['v1', 'v2', 'v3'].map((way) => `x:${way} > c`), 'c:ouro > m', 'c:else > m', ...lines], // prettier-ignore
	variables: [{ name: 'nome', type: 'text' }]
});

/** Customers who go through a bot, each in their own way. Gives their conversations by name. */
async function live(word: string) {
	const chat = async (...texts: string[]) => {
		const { id, phone } = await customerWrites(database, word);
		await works(database, id);
		for (const text of texts) {
			await receive(database.door, [delivery([textFrom(phone, text)])]);
			await works(database, id);
		}
		return id;
	};
	const buys = await chat('Ana', 'Pão');
	const asks = await chat('Bia', 'nada disso', 'Gente');
	const short = await chat('oi', 'Caio', '1');
	const gone = await chat('Davi');
	await answer(database, 'caio', gone);
	const still = await chat('Eva');
	return { buys, asks, short, gone, still };
}

interface Replay {
	id: string;
	status: string;
	total: number;
	done: number;
	fault: string | null;
	tally: {
		conversations: number;
		changed: number;
		taken: number;
		guessed: number;
		before: Record<string, number>;
		after: Record<string, number>;
		nodes: Record<string, object>;
	} | null;
}

const start = async (flow: string, guess = 'works', days = 30) =>
	database.as('sofia', async (sql) => {
		const [row] = await sql<Replay[]>`
			select r.* from public.flows f, public.start_flow_replay(f.id, f.revision, ${days}, ${guess}) r where f.id = ${flow}`;
		return row as Replay;
	});

const saveDraft = (flow: string, drawn: Drawn) =>
	database.as(
		'sofia',
		(sql) => sql`
			select public.save_flow(tenant_id, id, name, ${JSON.stringify(drawing(drawn))}::text::jsonb, revision)
			from public.flows where id = ${flow}`
	);

/** Does the jobs of a replay, as a worker does. */
async function work({ id }: Replay): Promise<Replay> {
	const run = flowReplayRun({ db: database.worker });
	for (let portion = 0; portion < 20; portion++) {
		await run({ flow_replay_id: id }, { logger: pino({ level: 'silent' }), abortSignal: new AbortController().signal } as never); // prettier-ignore
		const [row] = await database.owner<Replay[]>`select * from public.flow_replays where id = ${id}`;
		if (row?.status !== 'running') return row as Replay;
	}
	throw new Error('the replay does not end');
}

const changedIn = ({ id }: Replay) =>
	database.as(
		'sofia',
		(sql) => sql<Record<string, unknown>[]>`
			select conversation_id, before, after, guessed, before_path, after_path
			from public.flow_replay_conversations where replay_id = ${id} and changed order by number`
	);

test('a version replayed over its own runs changes nothing, and what stands in the database is untouched', async () => {
	const flow = await publishFlow(database, menu('igual'), [{ type: 'keyword', words: ['igual'] }]);
	const lived = await live('igual');
	const said = await saidIn(database, lived.asks);
	const [{ messages } = {}] = await database.owner<
		{ messages: string }[]
	>`select count(*) as messages from public.messages`;
	const replay = await work(await start(flow));
	expect(replay).toMatchObject({ status: 'done', total: 4, done: 4, fault: null });
	expect(await changedIn(replay)).toEqual([]);
	const both = { answered: 4, completed: 2, handed_over: 1, failed: 0, left: 1, unknown: 0 };
	expect(replay.tally).toMatchObject({ conversations: 4, changed: 0, taken: 0, guessed: 0, before: both, after: both });
	expect(replay.tally?.nodes).toMatchObject({
		q: { before: 4, after: 4, left_before: 0, left_after: 0 },
		b: { before: 4, after: 4, left_before: 1, left_after: 1 },
		m: { before: 2, after: 2 }
	});
	expect(await saidIn(database, lived.asks)).toEqual(said);
	const [now] = await database.owner<{ messages: string }[]>`select count(*) as messages from public.messages`;
	expect(now?.messages).toBe(messages);
});

test('a draft is run over what was really answered, and tells who would have gone another way', async () => {
	const flow = await publishFlow(database, menu('outro'), [{ type: 'keyword', words: ['outro'] }]);
	const lived = await live('outro');
	// Whoever asked for people is asked first what it is about; whoever buys bread pays by a machine.
	const drawn = menu(
		'outro',
		[
			{ id: 'why', type: 'question', text: 'Sobre o quê?', answer: { kind: 'text' } },
			{ id: 'pay', type: 'http', method: 'POST', url: 'https://paga.test/' },
			{ id: 'oops', type: 'handover' }
		],
		['why > p', 'm > pay', 'pay:error > oops']
	);
	drawn.lines = drawn.lines.map((line) => (line === 'b:gente > p' ? 'b:gente > why' : line));
	await saveDraft(flow, drawn);

	const works = await work(await start(flow));
	expect(works.tally).toMatchObject({
		changed: 3,
		guessed: 2,
		before: { completed: 2, handed_over: 1, left: 1, unknown: 0 },
		after: { completed: 2, handed_over: 0, left: 1, unknown: 1 },
		nodes: { pay: { before: 0, after: 2 }, why: { before: 0, after: 1, left_after: 1 }, p: { before: 1, after: 0 } }
	});
	const changed = await changedIn(works);
	expect(new Set(changed.map((one) => one['conversation_id']))).toEqual(new Set([lived.buys, lived.asks, lived.short]));
	const asked = changed.find((one) => one['conversation_id'] === lived.asks);
	expect(asked).toMatchObject({ before: 'handed_over', after: 'unknown', guessed: false });
	expect((asked?.['before_path'] as { node: string }[]).map(({ node }) => node)).toEqual(['s', 'q', 'b', 'p']);
	expect((asked?.['after_path'] as { node: string }[]).map(({ node }) => node)).toEqual(['s', 'q', 'b', 'why']);

	const fails = await work(await start(flow, 'fails'));
	expect(fails.tally).toMatchObject({ after: { completed: 0, handed_over: 2, unknown: 1 } });
});

test('conversations that only people had tell whom a new flow would have taken', async () => {
	const { id } = await customerWrites(database, 'Quero um bolo de fubá');
	await answer(database, 'caio', id);
	await customerWrites(database, 'Bom dia');
	const drawn = { nodes: [{ id: 'm', type: 'message', text: 'Temos!' }], lines: ['s > m'] };
	const flow = await publishFlow(database, drawn, [{ type: 'keyword', words: ['fubá'], match: 'contains' }]);
	const replay = await work(await start(flow));
	expect(replay).toMatchObject({ total: 1, done: 1 });
	expect(replay.tally).toMatchObject({ conversations: 1, taken: 1, before: { answered: 0 }, after: { answered: 1, completed: 1 } }); // prettier-ignore
	expect(await changedIn(replay)).toMatchObject([{ conversation_id: id, before: null, after: 'completed' }]);
});

test('a replay is cancelled, gives way to the next, and a drawing that cannot be read says so', async () => {
	const flow = await publishFlow(database, menu('para'), [{ type: 'keyword', words: ['para'] }]);
	await live('para');
	const first = await start(flow);
	const second = await start(flow);
	expect(await database.owner`select from public.flow_replays where id = ${first.id}`).toHaveLength(0);
	const cancel = (person: 'sofia' | 'bruno' | 'caio') =>
		database.as(person, (sql) => sql`select (public.cancel_flow_replay(${second.id})).status`);
	expect(await refusal(cancel('bruno'))).toBe('404 flow_replay_not_found');
	expect(await refusal(cancel('caio'))).toBe('403 not_allowed');
	expect(await cancel('sofia')).toEqual([{ status: 'cancelled' }]);
	expect(await work(second)).toMatchObject({ status: 'cancelled', tally: null, done: 0 });

	expect(await refusal(start(flow, 'works', 0))).toBe('422 flow_replay_invalid');
	await database.owner`update public.flows set draft = jsonb_set(draft, '{nodes,1,type}', '"nope"') where id = ${flow}`;
	expect(await work(await start(flow))).toMatchObject({ status: 'failed', fault: 'flow_invalid' });
	const kept =
		await database.owner`select from public.flow_replays where tenant_id = ${uuid('padaria')} and flow_id = ${flow}`;
	expect(kept.length).toBeLessThanOrEqual(3);
});
