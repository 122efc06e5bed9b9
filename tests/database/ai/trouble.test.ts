import { INJECTIONS } from '@prosa/core/ai/prompt/injections.testing.ts';
import { afterEach, expect, test } from 'vitest';
import { flowCall } from '../../../workers/src/tasks/flow__call.ts';
import { useDatabase } from '../database.ts';
import { publishFlow, saidIn, works } from '../flows/bots.ts';
import { uuid } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { callsOf, publishAgent, takes, teach, turnsIn, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();
const FALLBACK = 'Um momento, vou chamar alguém da equipe para ajudar você.';
const ownerOf = async (id: string) => {
	const [row] = await database.owner<{ owner: string }[]>`select owner from public.conversations where id = ${id}`;
	return row?.owner;
};

afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.ai_documents`;
	await database.owner`delete from public.ai_settings`;
	await database.owner`delete from private.ai_spending`;
	await database.owner`delete from public.ai_calls`;
});

test('a provider that fails for a moment is asked again, and nobody notices', async () => {
	await publishAgent(database);
	const { id } = await customerWrites(database, 'oi');
	await stage.post('faults', { status: 429, times: 2 });
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect((await saidIn(database, id))[1]).toMatch(/^ai: \[modelo simulado\]/);
	const calls = await callsOf(database, id);
	expect(calls.filter(({ status }) => status === 'failed')).toHaveLength(2);
	expect(calls.filter(({ error }) => error === 'status_429')).toHaveLength(2);
});

test.each([
	['is down', { status: 503, times: 20 }],
	['refuses the key', { status: 401, times: 20 }],
	['answers too late', { delay_ms: 4_000, times: 2 }],
	['answers no JSON', { malformed: 'body', times: 20 }],
	['answers something else', { malformed: 'shape', times: 20 }],
	['answers nothing', { malformed: 'empty', times: 20 }],
	['drops the line', { cut_after: 1, times: 20 }]
])('when the provider %s, the customer hears so once and a person has the conversation', async (_how, fault) => {
	await publishAgent(database, { timeout_seconds: 2 });
	const { id } = await customerWrites(database, 'oi');
	await stage.post('faults', fault);
	expect(await takes(await stage.deps(database), id)).toBe('done');
	expect(await saidIn(database, id)).toEqual(['contact: oi', `ai: ${FALLBACK}`]);
	expect(await ownerOf(id)).toBe('human');
	expect(await turnsIn(database, id)).toMatchObject([{ outcome: 'handed_over', decision: {} }]);
	expect((await callsOf(database, id)).every(({ status }) => status === 'failed')).toBe(true);
	const [summary] = await database.owner`select text from public.conversation_summaries where conversation_id = ${id}`;
	expect(summary, 'who takes over reads what the customer wrote, model or not').toEqual({
		text: 'O cliente começou com: «oi»'
	});
});

test('a decision that cannot be read is a person’s', async () => {
	await publishAgent(database);
	const { id } = await customerWrites(database, 'oi');
	await stage.post('answers', { content: 'não sei', format: 'json' });
	await takes(await stage.deps(database), id);
	expect(await saidIn(database, id)).toEqual(['contact: oi', `ai: ${FALLBACK}`]);
	expect(await ownerOf(id)).toBe('human');
});

test('tools look up at once and change with the answer, and a call that is wrong is told to the model', async () => {
	await publishAgent(database, { tools: ['contact_lookup', 'contact_update', 'tag'] });
	await database.owner`insert into public.tags (tenant_id, name, color) values (${uuid('padaria')}, 'Encomenda', 'blue') on conflict do nothing`;
	const { id } = await customerWrites(database, 'Sou a Bia, bia@exemplo.com.br, quero encomendar');
	await stage.post('answers', {
		format: 'text',
		calls: [
			{ name: 'contact_lookup', arguments: '{}' },
			{ name: 'contact_update', arguments: '{"name": "Bia", "email": "[EMAIL_1]"}' },
			{ name: 'tag', arguments: '{"tags": ["encomenda"]}' },
			{ name: 'tag', arguments: '{"tags": "x' },
			{ name: 'sgp_unblock', arguments: '{}' }
		]
	});
	await stage.post('answers', { format: 'text', content: 'Anotei, [NAME_1]!' });
	expect(await takes(await stage.deps(database), id)).toBe('done');
	const [contact] = await database.owner`
		select p.name, p.email from public.contacts p join public.conversations c on c.contact_id = p.id where c.id = ${id}`;
	expect(contact).toEqual({ name: 'Bia', email: 'bia@exemplo.com.br' });
	const [tagged] = await database.owner`
		select g.name from public.conversations c join public.tags g on g.id = any (c.tag_ids) where c.id = ${id}`;
	expect(tagged).toEqual({ name: 'Encomenda' });
	expect(await turnsIn(database, id)).toMatchObject([{ actions: [{ tool: 'contact_update' }, { tool: 'tag' }] }]);
	const told = JSON.stringify(stage.model.asked.map(({ body }) => body));
	expect(told).toContain('there is no such tool');
	expect(told).not.toContain('bia@exemplo');
});

test('a model that calls tools for ever is stopped, and a person has it', async () => {
	await publishAgent(database, { tools: ['contact_lookup'] });
	const { id } = await customerWrites(database, 'oi');
	await stage.post('answers', { format: 'text', calls: [{ name: 'contact_lookup', arguments: '{}' }], times: 50 });
	await takes(await stage.deps(database), id);
	expect(await saidIn(database, id)).toEqual(['contact: oi', `ai: ${FALLBACK}`]);
	expect((await callsOf(database, id)).length).toBeLessThanOrEqual(7);
});

test('money is a hard stop: what would be dearer than the limit is not asked, by however many at once', async () => {
	// A dollar a call at most: 1,000 output tokens at $1,000 a million.
	const prices = [{ model: 'prosa-simulator', since: '2024-01-01', input: 0, cached: 0, output: 1_000 }];
	await database.as(
		'sofia',
		(sql) =>
			sql`select public.save_ai_settings(${uuid('padaria')}, true, 5, 50, 1000, ${JSON.stringify(prices)}::text::jsonb)`
	);
	await publishAgent(database, { max_output_tokens: 1_000, budget: { daily_usd: null, monthly_usd: null } });
	const ids: string[] = [];
	for (let index = 0; index < 6; index++) ids.push((await customerWrites(database, 'oi')).id);
	await stage.post('faults', { malformed: 'body', times: 100 });
	const deps = await stage.deps(database);
	await Promise.all(ids.map((id) => takes(deps, id)));
	const [spent] = await database.owner<{ spent: string; reserved: string }[]>`
		select sum(spent) as spent, sum(reserved) as reserved from private.ai_spending where tenant_id = ${uuid('padaria')}`;
	expect(Number(spent?.spent)).toBeLessThanOrEqual(5e9);
	expect(Number(spent?.spent), 'nobody knows what those calls cost: the most counts').toBeGreaterThan(4e9);
	expect(Number(spent?.reserved)).toBe(0);
	const after = (await customerWrites(database, 'oi')).id;
	const asked = stage.model.asked.length;
	await takes(deps, after);
	expect(stage.model.asked).toHaveLength(asked);
	expect(await ownerOf(after)).toBe('human');
	expect((await turnsIn(database, after))[0]?.reason).toMatch(/orçamento de IA/);
});

test('a model without a price costs nobody knows what, and is not called on a budget', async () => {
	await publishAgent(database, { model: 'modelo-sem-preco' });
	const { id } = await customerWrites(database, 'oi');
	await takes(await stage.deps(database), id);
	expect(stage.model.asked).toEqual([]);
	expect((await turnsIn(database, id))[0]?.reason).toMatch(/preço/);
});

test('whatever a customer or a document says stays data: no tag of ours is opened or closed', async () => {
	await publishAgent(database, { tools: [] });
	// Postgres keeps no NUL and no half of a character, and JSON brings none to it.
	const kept = INJECTIONS.map((text) => text.replaceAll('\u0000', '').toWellFormed());
	await teach(database, 'Horários', kept.map((text, index) => `# Parte ${index}\nhorário ${text}`).join('\n'));
	const deps = await stage.deps(database);
	for (const text of kept) {
		const { id } = await customerWrites(database, `horário ${text}`);
		await takes(deps, id);
		const turns = await turnsIn(database, id);
		expect(turns, text).toHaveLength(1);
		// So many a minute are more than any customer has.
		await database.owner`delete from public.ai_calls`;
	}
	for (const { body } of stage.model.asked) {
		const { messages } = body as { messages: { role: string; content: string }[] };
		const whole = messages.map(({ content }) => content).join('\n');
		for (const tag of ['customer_message', 'document', 'rule', 'persona', 'fact'])
			expect(whole.split(`<${tag}`).length, tag).toBe(whole.split(`</${tag}>`).length);
		expect(messages.filter(({ role }) => role === 'system')).toHaveLength(1);
		expect(whole).not.toContain('<rule>');
		expect(whole).not.toContain('<persona>');
	}
});

test('an AI node of a bot is asked through the same client, masked and written down', async () => {
	await publishFlow(
		database,
		{
			nodes: [{ id: 'a', type: 'ai', prompt: 'Resuma: {{first}}', say: true }],
			lines: ['s > a'],
			variables: [{ name: 'first', type: 'text' }]
		},
		[{ type: 'keyword', words: ['resumir'], match: 'contains' }]
	);
	const { id } = await customerWrites(database, 'resumir isto');
	await works(database, id);
	const [call] = await database.owner<
		{ id: string }[]
	>`select id from private.flow_calls where conversation_id = ${id}`;
	const run = flowCall({ ...(await stage.deps(database)), flowOrigins: [] });
	await run({ flow_call_id: call?.id }, { abortSignal: new AbortController().signal } as never);
	await works(database, id);
	expect((await saidIn(database, id)).at(-1)).toMatch(/^bot: \[(modelo simulado|simulated model)\]/);
	expect(await callsOf(database, id)).toMatchObject([{ purpose: 'flow', status: 'done', cost: '0' }]);
	await database.owner`update public.flow_triggers set active = false`;
});
