import { afterEach, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { publishFlow, runsIn, saidIn, works } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { publishAgent, takes, teach, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const says = (phone: string, text: string) => receive(database.door, [delivery([textFrom(phone, text)])]);
const stands = async (id: string) => {
	const [row] = await database.owner<{ owner: string; owner_epoch: number; waits: boolean; job: boolean }[]>`
		select owner, owner_epoch, waiting_since is not null as waits, exists (
			select from graphile_worker.jobs j where j.key = ${`ai:${id}`}
		) as job
		from public.conversations where id = ${id}`;
	return row;
};
const handsTo = (agent: string, more: object = {}) =>
	publishFlow(database, { nodes: [{ id: 'h', type: 'handover', ai_agent_id: agent, ...more }], lines: ['s > h'] }, [
		{ type: 'keyword', words: ['bia'], match: 'contains' }
	]);

beforeAll(async () => {
	await teach(database, 'Preços', '# Pão\nO pão francês custa R$ 18,90 o quilo na padaria.');
	await database.worker`select private.declare_ai_platform('http://127.0.0.1:1/v1', true)`;
});
afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`update public.flow_triggers set active = false`;
	await database.owner`delete from public.ai_settings`;
});

test('a flow hands over to an agent, which answers what the customer had said', async () => {
	const agent = await publishAgent(database);
	await handsTo(agent);
	const { id } = await customerWrites(database, 'bia, quanto custa o pão francês?');
	await works(database, id);
	expect(await runsIn(database, id)).toMatchObject([{ status: 'ended', outcome: 'handed_over', fault: null }]);
	const handed = await stands(id);
	expect(handed).toMatchObject({ owner: 'ai', waits: true, job: true });
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect((await saidIn(database, id)).at(-1)).toMatch(/^ai: .*O pão francês custa R\$ 18,90/);
	expect(await stands(id)).toMatchObject({ owner: 'ai', owner_epoch: handed?.owner_epoch, waits: false });
});

test('where the bot spoke last, the agent waits for the customer', async () => {
	const agent = await publishAgent(database);
	await handsTo(agent, { text: 'Sou a Bia, pergunte!' });
	const { id, phone } = await customerWrites(database, 'bia');
	await works(database, id);
	expect(await stands(id)).toMatchObject({ owner: 'ai', waits: false });
	expect(await takes(await stage.deps(database), id)).toBe('nothing');
	await says(phone, 'quanto custa o pão francês?');
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect((await saidIn(database, id)).map((line) => line.split(':')[0])).toEqual(['contact', 'bot', 'contact', 'ai']);
});

test('of several agents, it is the one that the flow names; after people had it, too', async () => {
	await publishAgent(database, { name: 'Primeira' });
	const second = await publishAgent(database, { name: 'Segunda', tools: ['hand_over'] });
	await handsTo(second);
	const { id, phone } = await customerWrites(database, 'bia, um atendente por favor');
	await works(database, id);
	const worker = await stage.deps(database);
	await takes(worker, id);
	expect(await turnsIn(database, id)).toMatchObject([{ outcome: 'handed_over' }]);
	expect(await stands(id)).toMatchObject({ owner: 'human', waits: true });
	const [row] =
		await database.owner`select a.name from public.ai_turns t join public.ai_agents a on a.id = t.agent_id where t.conversation_id = ${id}`;
	expect(row).toEqual({ name: 'Segunda' });
	await says(phone, 'alô?');
	expect(await takes(worker, id), 'what it handed over stays with people').toBe('nothing');
});

test.each([
	[
		'switched off',
		(agent: string) => database.as('sofia', (sql) => sql`select public.roll_back_ai_agent(${agent}, null)`)
	],
	['thrown away', (agent: string) => database.as('sofia', (sql) => sql`select public.delete_ai_agent(${agent})`)],
	[
		'of a company that switched AI off',
		() =>
			database.as('sofia', (sql) => sql`select public.save_ai_settings(${uuid('padaria')}, false, 5, 50, 120, '[]')`)
	]
])('an agent that is %s leaves the conversation to people, and the step says so', async (_what, end) => {
	const agent = await publishAgent(database);
	await handsTo(agent, { note: 'Veio do menu' });
	await end(agent);
	const { id } = await customerWrites(database, 'bia');
	await works(database, id);
	expect(await stands(id)).toMatchObject({ owner: 'human', waits: true });
	const [step] = await database.owner`
		select s.fault from public.flow_steps s join public.flow_runs r on r.id = s.run_id
		where r.conversation_id = ${id} and s.node = 'h'`;
	expect(step).toEqual({ fault: 'ai_agent_off' });
	const [note] = await database.owner`select body from public.messages where conversation_id = ${id} and kind = 'note'`;
	expect(note).toEqual({ body: 'Veio do menu' });
});

test('another company’s agent takes nobody', async () => {
	const agent = await publishAgent(database);
	await handsTo(agent);
	await database.owner`update public.ai_agents set published_version_id = null where id = ${agent}`;
	const [row] = await database.owner`
		select private.ai_agent_answers(${uuid('oficina')}, ${agent}) as answers`;
	expect(row).toEqual({ answers: false });
});

test('a person who answers before the flow’s step is kept has the conversation: no agent gets it', async () => {
	const agent = await publishAgent(database);
	await handsTo(agent);
	for (let race = 0; race < 20; race++) {
		const { id } = await customerWrites(database, 'bia, quanto custa o pão francês?');
		await Promise.all([works(database, id), answer(database, 'caio', id, 'Sou eu, o Caio.')]);
		await takes(await stage.deps(database), id);
		const said = (await saidIn(database, id)).map((line) => line.split(':')[0]);
		expect(said.slice(said.indexOf('agent') + 1), said.join(' ')).not.toContain('ai');
		expect(await stands(id)).toMatchObject({ owner: 'human' });
	}
});
