import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MODEL_KEY } from '../../simulators/model/src/access.ts';
import { teach, publishAgent, useModel } from '../../tests/database/ai/agents.ts';
import { useDatabase } from '../../tests/database/database.ts';
import { uuid, type Person } from '../../tests/database/people.ts';
import { customerWrites } from '../../tests/database/threads.ts';
import { SECRETS_KEY } from '../whatsapp/process.testing.ts';
import { startAi, startSignIn, type RunningAi } from './process.testing.ts';

const database = useDatabase();
const stage = useModel();
let signIn: Awaited<ReturnType<typeof startSignIn>>;
let ai: RunningAi;
let conversation_id: string;

beforeAll(async () => {
	signIn = await startSignIn();
	ai = await startAi(
		database.url('prosa_ai'),
		signIn.url,
		{ baseUrl: stage.model.baseUrl, key: MODEL_KEY },
		{ AI_ASSIST_TIMEOUT_MS: '1500' }
	);
	({ id: conversation_id } = await customerWrites(database, 'Que horas vocês abrem? Meu CPF é 529.982.247-25'));
});
afterAll(async () => {
	await ai.stop();
	signIn.close();
});
afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.ai_documents`;
	await database.owner`delete from public.ai_settings`;
	await database.owner`delete from private.ai_keys`;
	await database.owner`delete from private.ai_spending`;
	await database.owner`delete from public.ai_calls`;
});

const calls = () =>
	database.owner<
		{
			purpose: string;
			status: string;
			error: string | null;
			user_id: string;
			prompt: string;
			input_tokens: number;
			reserved: string;
		}[]
	>`select purpose, status, error, user_id, prompt, input_tokens, latency_ms, agent_id, reserved from public.ai_calls order by created_at`;
const askedOf = () => JSON.stringify(stage.model.asked.map(({ body }) => body));

test('an answer comes piece by piece, from what the company knows, and is written down', async () => {
	await publishAgent(database, { tone: 'playful' });
	await teach(database, 'Horários', '# Loja\nA padaria abre das 6h às 20h, e vocês podem vir a qualquer hora.');
	const { id } = await customerWrites(database, 'Que horas a padaria abre?');
	const answer = await ai.ask({ task: 'suggest', conversation_id: id });
	expect(answer.pieces.length).toBeGreaterThan(5);
	expect(answer.end).toMatchObject({ event: 'done', data: { sources: ['Horários'], action: null, cut: false } });
	expect(answer.end.data['text']).toContain('A padaria abre das 6h às 20h');
	expect(answer.pieces.join('').trim()).toBe(answer.end.data['text']);
	expect(answer.pieces.join('')).not.toMatch(/\[d\d/);
	expect(askedOf()).toContain('light and playful');
	const [call] = await calls();
	expect(call).toMatchObject({
		purpose: 'suggest',
		status: 'done',
		user_id: uuid('ana'),
		prompt: 'suggest/1+agent/1',
		agent_id: null,
		input_tokens: expect.any(Number),
		latency_ms: expect.any(Number)
	});
});

test('a suggestion knows what is known of the customer', async () => {
	await database.owner`
		insert into public.contact_facts (tenant_id, contact_id, text, key)
		select tenant_id, contact_id, 'Prefere pão de centeio', 'k' from public.conversations where id = ${conversation_id}`;
	expect((await ai.ask({ task: 'suggest', conversation_id })).end.event).toBe('done');
	expect(askedOf()).toContain('<fact>Prefere pão de centeio</fact>');
	await database.owner`delete from public.contact_facts`;
});

test('what is personal never reaches the provider, and stands in its place for the person', async () => {
	const text = 'Oi Maria, o boleto do CPF 529.982.247-25 foi para maria@exemplo.com';
	const answer = await ai.ask({ task: 'rewrite', how: 'spelling', conversation_id, text });
	expect(answer.end.data['text']).toContain('CPF 529.982.247-25 foi para maria@exemplo.com');
	expect(askedOf()).toContain('[CPF_1]');
	expect(askedOf()).not.toMatch(/529|exemplo\.com/);
	expect(ai.log()).not.toMatch(/529|exemplo/);
});

test('each way of rewriting asks for another thing', async () => {
	const text = 'o pao está pronto. pode vir buscar hj';
	const texts = new Set<unknown>();
	for (const how of ['brand', 'shorter', 'friendlier', 'formal', 'spelling'])
		texts.add((await ai.ask({ task: 'rewrite', how, conversation_id, text })).end.data['text']);
	expect(texts.size).toBe(5);
	expect([...texts]).toContain('[modelo simulado] O pão está pronto. Pode vir buscar hoje.');
});

test('a draft is translated into the customer’s language, their words showing which where nobody wrote it down', async () => {
	const { id } = await customerWrites(database, 'Hello, what is the price of the bread please?');
	const answer = await ai.ask({ task: 'translate', conversation_id: id, text: 'Bom dia, o pão está pronto', to: null });
	expect(answer.end.data['text']).toBe('[simulated model] Good morning, the bread is ready');
	await database.owner`update public.contacts set language = 'pt' where id = (select contact_id from public.conversations where id = ${id})`;
	const back = await ai.ask({ task: 'translate', conversation_id: id, text: 'Good morning', to: null });
	expect(back.end.data['text']).toBe('[modelo simulado] Bom dia');
});

test('a received message is translated beneath it, and a summary kept, for everybody who has the conversation', async () => {
	const { id } = await customerWrites(database, 'Good morning, the bread please');
	const [message] = await database.owner<
		{ id: string }[]
	>`select id from public.messages where conversation_id = ${id}`;
	const answer = await ai.ask(
		{ task: 'translate_message', conversation_id: id, message_id: message?.id, to: 'pt-BR' },
		'sofia'
	);
	expect(answer.end).toMatchObject({ event: 'done', data: { text: '[modelo simulado] Bom dia, o pão por favor' } });
	const seen = await database.as(
		'caio',
		(sql) =>
			sql`select text, language, made_by from public.message_translations where message_id = ${message?.id ?? ''}`
	);
	expect(seen).toEqual([{ text: answer.end.data['text'], language: 'pt-BR', made_by: 'prosa-simulator' }]);

	const summary = await ai.ask({ task: 'summarise', conversation_id: id, to: 'pt-BR' });
	expect(summary.end.data['text']).toContain('O cliente escreveu');
	const [kept] =
		await database.owner`select text, up_to_seq from public.conversation_summaries where conversation_id = ${id}`;
	expect(kept).toEqual({ text: summary.end.data['text'], up_to_seq: '1' });
});

test('what to do next is one of what can be done', async () => {
	const answer = await ai.ask({ task: 'next', conversation_id, to: 'pt-BR' });
	expect(answer.pieces).toEqual([]);
	expect(answer.end).toMatchObject({
		event: 'done',
		data: { action: 'reply', text: expect.stringContaining('cliente') }
	});
	await stage.post('answers', { content: '{"action": "delete everything", "text": "x"}' });
	expect((await ai.ask({ task: 'next', conversation_id, to: 'pt-BR' })).end).toEqual({
		event: 'failed',
		data: { code: 'ai_failed' }
	});
});

test('only who may answer with help gets it, in a conversation they see', async () => {
	const asks = [
		{ task: 'suggest', conversation_id },
		{ task: 'rewrite', how: 'shorter', conversation_id, text: 'Oi' },
		{ task: 'summarise', conversation_id, to: 'pt-BR' },
		{ task: 'translate_message', conversation_id, message_id: uuid('no message'), to: 'pt-BR' }
	];
	const refused: [Person | null, number, string][] = [
		[null, 401, 'not_signed_in'],
		['vera', 403, 'not_allowed'],
		['aline', 404, 'conversation_not_found'],
		['bruno', 404, 'conversation_not_found'],
		['edu', 404, 'conversation_not_found'],
		['olga', 404, 'conversation_not_found']
	];
	for (const [person, status, code] of refused) {
		for (const ask of asks) {
			const answer = await ai.ask(ask, person);
			expect([answer.status, answer.end.data['message']], `${person} ${ask.task}`).toEqual([status, code]);
		}
	}
	const elsewhere = await customerWrites(database, 'Oi');
	const [theirs] = await database.owner<
		{ id: string }[]
	>`select id from public.messages where conversation_id = ${elsewhere.id}`;
	const crossed = await ai.ask({ task: 'translate_message', conversation_id, message_id: theirs?.id, to: 'pt-BR' });
	expect(crossed.end.data['message'], 'a message of another conversation').toBe('message_not_found');
	await database.owner`update public.conversations set assignee_id = ${uuid('duda')} where id = ${elsewhere.id}`;
	expect((await ai.ask({ task: 'suggest', conversation_id: elsewhere.id }, 'caio')).status, 'a colleague’s').toBe(404);
	expect(stage.model.asked, 'nothing was sent anywhere').toEqual([]);
	expect(await calls()).toEqual([]);
});

test('off, switched off, over budget, too fast: each has its own word, and nothing is asked', async () => {
	const refusal = async (running = ai) => {
		const { status, end } = await running.ask({ task: 'suggest', conversation_id });
		return [status, end.data['message']];
	};
	await database.owner`insert into public.ai_settings (tenant_id, enabled) values (${uuid('padaria')}, false)`;
	expect(await refusal()).toEqual([409, 'ai_disabled']);
	const costly = [{ model: 'prosa-simulator', since: '2024-01-01', input: 1_000, cached: 1_000, output: 1_000 }];
	await database.owner`
		update public.ai_settings set enabled = true, daily_limit = 1000, prices = ${JSON.stringify(costly)}::text::jsonb`;
	expect(await refusal()).toEqual([402, 'ai_budget_spent']);
	await database.owner`update public.ai_settings set daily_limit = null, calls_per_minute = 1`;
	expect((await ai.ask({ task: 'suggest', conversation_id })).end.event).toBe('done');
	expect(await refusal()).toEqual([429, 'ai_rate_limited']);
	expect(stage.model.asked).toHaveLength(1);

	const bare = await startAi(database.url('prosa_ai'), signIn.url, { baseUrl: stage.model.baseUrl, key: null });
	expect(await refusal(bare)).toEqual([409, 'ai_off']);
	await bare.stop();
});

test('what is spent counts in the tenant’s budget, to the last token', async () => {
	const prices = [{ model: 'prosa-simulator', since: '2024-01-01', input: 1, cached: 1, output: 1 }];
	await database.owner`
		insert into public.ai_settings (tenant_id, daily_limit, prices) values (${uuid('padaria')}, 100000000, ${JSON.stringify(prices)}::text::jsonb)`;
	await ai.ask({ task: 'suggest', conversation_id });
	const [spent] = await database.owner`
		select s.spent = 1000 * (c.input_tokens + c.output_tokens) as exact, s.spent = c.cost as same, s.reserved
		from private.ai_spending s, public.ai_calls c`;
	expect(spent).toEqual({ exact: true, same: true, reserved: '0' });
});

test('a tenant’s own key is used before the installation’s', async () => {
	const keys = await readSecretKeys(SECRETS_KEY);
	const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'sk-of-the-bakery', `${uuid('padaria')}:ai_key`);
	await database.owner`
		insert into private.ai_keys (tenant_id, key_id, nonce, ciphertext)
		values (${uuid('padaria')}, ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	const answer = await ai.ask({ task: 'suggest', conversation_id });
	expect(answer.end).toEqual({ event: 'failed', data: { code: 'ai_failed' } });
	expect((await calls())[0]).toMatchObject({ error: 'status_401' });
	expect(ai.log()).not.toContain('sk-of-the-bakery');
});

test('who hangs up stops the model, and what it may have cost is kept', async () => {
	await stage.post('faults', { piece_ms: 200 });
	const gone = new AbortController();
	const response = await ai.post({ task: 'suggest', conversation_id }, 'caio', gone.signal);
	const reader = response.body?.getReader();
	await reader?.read();
	gone.abort();
	await expect.poll(async () => (await calls())[0]).toMatchObject({ status: 'failed', error: 'stopped' });
});

test('a provider that fails for a moment is asked once more; one that is late or breaks off is told', async () => {
	await stage.post('faults', { status: 503, times: 1 });
	expect((await ai.ask({ task: 'suggest', conversation_id })).end.event).toBe('done');
	expect((await calls()).map(({ status }) => status)).toEqual(['failed', 'done']);
	for (const [fault, code] of [
		[{ status: 503, times: 2 }, 'ai_failed'],
		[{ delay_ms: 4_000 }, 'ai_timed_out'],
		[{ cut_after: 6, piece_ms: 30 }, 'ai_failed'],
		[{ malformed: 'body' }, 'ai_failed'],
		[{ malformed: 'shape' }, 'ai_failed'],
		[{ malformed: 'empty' }, 'ai_failed']
	] as const) {
		await stage.post('faults', fault);
		const { end } = await ai.ask({ task: 'suggest', conversation_id });
		expect(end, JSON.stringify(fault)).toEqual({ event: 'failed', data: { code } });
	}
	expect((await calls()).filter(({ status }) => status === 'open')).toEqual([]);
});

test('a second factor counts where the company asks for one', async () => {
	await database.owner`update public.tenants set requires_mfa = true where id = ${uuid('padaria')}`;
	try {
		const { end } = await ai.ask({ task: 'suggest', conversation_id });
		expect(end.event).toBe('refused');
		const proven = await fetch(`${ai.address}/ai/assist`, {
			method: 'POST',
			headers: {
				authorization: `Bearer e30.${Buffer.from(JSON.stringify({ name: 'ana', aal: 'aal2' })).toString('base64url')}.sig`
			},
			body: JSON.stringify({ task: 'suggest', conversation_id })
		});
		expect(proven.status).toBe(200);
		await proven.text();
	} finally {
		await database.owner`update public.tenants set requires_mfa = false where id = ${uuid('padaria')}`;
	}
});
