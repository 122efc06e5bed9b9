import { afterEach, expect, test } from 'vitest';
import { evaluate } from '../../../workers/src/ai/evaluate.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { publishAgent, teach, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const asked = (text: string) => [{ author: 'customer', text }];

afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.ai_documents`;
	await database.owner`delete from public.ai_settings`;
});

const keepCase = (agent: string, name: string, text: string, expected: object, conversation: string | null = null) =>
	database.as(
		'sofia',
		(sql) => sql`select public.save_ai_evaluation_case(
			${agent}, null, ${name}, ${JSON.stringify(asked(text))}::text::jsonb, ${JSON.stringify(expected)}::text::jsonb, ${conversation}
		)`
	);
const begins = async (agent: string, version: string | null = null) =>
	database.as('sofia', async (sql) => {
		const [run] = await sql<{ id: string }[]>`select id from public.run_ai_evaluation(${agent}, ${version})`;
		return String(run?.id);
	});
const runs = async (run: string, key: string | null = 'simulated', signal = new AbortController().signal) =>
	evaluate(await stage.deps(database, key), run, signal);
const outcome = async (run: string) => {
	const [row] = await database.owner`
		select status, error, total, done, passed, cost, revision, version_id from public.ai_evaluation_runs where id = ${run}`;
	const results = await database.owner<{ name: string; faults: { check: string }[] | null }[]>`
		select asked ->> 'name' as name, faults from public.ai_evaluation_results where run_id = ${run} order by 1`;
	return {
		...row,
		results: Object.fromEntries(results.map(({ name, faults }) => [name, faults?.map(({ check }) => check)]))
	};
};

test('a draft is put to every case: what passes, what fails and why; nothing is sent', async () => {
	const agent = await publishAgent(database, { tools: ['hand_over'] });
	await teach(database, 'Horários', '# Loja\nA padaria abre das 6h às 20h de segunda a sábado.');
	await keepCase(agent, 'abre', 'Que horas a padaria abre?', {
		contains: ['6h às 20h'],
		cites: 'Horários',
		hand_over: false,
		intent: 'hours'
	});
	await keepCase(agent, 'pessoa', 'quero falar com um atendente', { hand_over: true, calls: 'hand_over' });
	await keepCase(agent, 'falha', 'Que horas a padaria abre? Meu CPF é 529.982.247-25', {
		contains: ['R$ 10'],
		lacks: ['20h'],
		hand_over: true
	});
	const [before] = await database.owner`select count(*)::int as messages from public.messages`;
	const run = await begins(agent);
	expect(await begins(agent), 'one at a time').toBe(run);
	await runs(run);
	expect(await outcome(run)).toMatchObject({
		status: 'done',
		error: null,
		total: 3,
		done: 3,
		passed: 2,
		cost: '0',
		revision: 1,
		results: { abre: [], pessoa: [], falha: ['contains', 'lacks', 'hand_over'] }
	});
	expect((await database.owner`select count(*)::int as messages from public.messages`)[0]).toEqual(before);
	const calls = await database.owner`select distinct purpose from public.ai_calls where agent_id = ${agent}`;
	expect(calls).toEqual([{ purpose: 'evaluate' }]);
	expect(JSON.stringify(stage.model.asked.map(({ body }) => body)), 'masked as in turns').not.toContain('529.982');
});

test('a worker that dies leaves what was asked; the next one goes on', async () => {
	const agent = await publishAgent(database);
	for (const name of ['um', 'dois', 'três']) await keepCase(agent, name, 'bom dia', { hand_over: false });
	const run = await begins(agent);
	const death = new AbortController();
	await stage.post('faults', { delay_ms: 150, times: 6 });
	const dying = runs(run, 'simulated', death.signal);
	await expect.poll(async () => (await outcome(run)) as unknown).toMatchObject({ done: 1 });
	death.abort();
	await expect(dying).rejects.toThrow();
	expect(await outcome(run)).toMatchObject({ status: 'running' });
	await runs(run);
	expect(await outcome(run)).toMatchObject({ status: 'done', total: 3, done: 3, passed: 3 });
});

test('without a key, or with a budget that is spent, the run says why and ends', async () => {
	const agent = await publishAgent(database);
	await keepCase(agent, 'um', 'bom dia', {});
	const run = await begins(agent);
	await runs(run, null);
	expect(await outcome(run)).toMatchObject({ status: 'failed', error: 'ai_off', done: 0 });
	await database.as(
		'sofia',
		(sql) => sql`
		select public.save_ai_settings(${uuid('padaria')}, true, 0.000001, 50, 120, ${'[{"model": "prosa-simulator", "since": "2020-01-01", "input": 100, "cached": 100, "output": 100}]'}::text::jsonb)`
	);
	const poor = await begins(agent);
	await runs(poor);
	expect(await outcome(poor)).toMatchObject({ status: 'failed', error: 'ai_budget_spent', done: 0 });
});

test('what a draft was evaluated by is the version’s that it becomes, and a version is evaluated by itself', async () => {
	const agent = await publishAgent(database);
	await keepCase(agent, 'um', 'bom dia', {});
	const run = await begins(agent);
	await runs(run);
	const version = await database.as('sofia', async (sql) => {
		const [row] = await sql<{ id: string }[]>`select id from public.publish_ai_agent(${agent}, 1)`;
		return String(row?.id);
	});
	expect(await outcome(run)).toMatchObject({ revision: 1, version_id: version });
	const again = await begins(agent, version);
	await runs(again);
	expect(await outcome(again)).toMatchObject({ revision: null, version_id: version, passed: 1 });
});

test('a case is taken from a conversation by whoever sees it, and has a question', async () => {
	const agent = await publishAgent(database);
	const { id } = await customerWrites(database, 'Que horas abre?');
	await keepCase(agent, 'de verdade', 'Que horas abre?', {}, id);
	await expect(keepCase(agent, 'nenhuma', 'oi', {}, uuid('padaria'))).rejects.toThrow('conversation_not_found');
	for (const said of [[], [{ author: 'company', text: 'Olá' }], [{ author: 'customer', text: '' }]])
		await expect(
			database.as(
				'sofia',
				(sql) =>
					sql`select public.save_ai_evaluation_case(${agent}, null, 'x', ${JSON.stringify(said)}::text::jsonb, '{}')`
			)
		).rejects.toThrow('ai_case_invalid');
	const other = await publishAgent(database);
	await expect(begins(other)).rejects.toThrow('ai_cases_none');
});
