import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { MODEL, stage } from './stage.ts';

test('a wrong key is refused', async () => {
	const { says } = await stage({ key: 'sk-wrong' });
	await expect(says('oi')).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});

test.for([
	[401, OpenAI.AuthenticationError],
	[429, OpenAI.RateLimitError],
	[500, OpenAI.InternalServerError],
	[503, OpenAI.InternalServerError]
] as const)('%d on demand, once, with its words', async ([status, kind]) => {
	const { says, control } = await stage();
	expect((await control('faults', { status, retry_after: 7 })).status).toBe(201);
	const error: unknown = await says('oi').catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(kind);
	expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('7');
	expect(await says('oi')).toContain('Olá');
});

test('two refusals are passed by an SDK that tries three times', async () => {
	const { says, control, simulator } = await stage({ maxRetries: 2 });
	await control('faults', { status: 500, times: 2, retry_after: 0 });
	expect(await says('oi')).toContain('Olá');
	expect(simulator.asked.map(({ status }) => status)).toEqual([500, 500, 200]);
});

test('a slow answer meets the caller’s time-out', async () => {
	const { openai, control } = await stage();
	await control('faults', { delay_ms: 5_000 });
	const call = openai.chat.completions.create(
		{ model: MODEL, messages: [{ role: 'user', content: 'oi' }] },
		{ timeout: 100 }
	);
	await expect(call).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
});

test('a stream breaks off in the middle: some words came, then an error', async () => {
	const { openai, control } = await stage();
	await control('faults', { cut_after: 4, piece_ms: 2 });
	const stream = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: 'oi' }],
		stream: true
	});
	let text = '';
	const read = async () => {
		for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
	};
	await expect(read()).rejects.toThrow();
	expect(text).toBe('[modelo simulado] Olá!');
});

test('a whole answer breaks off in its body', async () => {
	const { says, control } = await stage();
	await control('faults', { cut_after: 0 });
	await expect(says('oi')).rejects.toThrow();
});

test.for(['body', 'shape', 'empty'] as const)('an answer of a broken %s holds no words', async (malformed) => {
	const { says, control } = await stage();
	await control('faults', { malformed });
	const text = await says('oi').catch(() => 'no words');
	expect(['', 'no words']).toContain(text);
});

test('JSON that breaks off, and arguments that are none', async () => {
	const { openai, control } = await stage();
	const ask = (rest: object) =>
		openai.chat.completions.create({
			model: MODEL,
			messages: [{ role: 'user', content: 'quero um atendente' }],
			...rest
		});
	await control('faults', { malformed: 'content' });
	const decision = await ask({ response_format: { type: 'json_object' } });
	expect(() => JSON.parse(decision.choices[0]?.message.content ?? '')).toThrow(SyntaxError);

	await control('faults', { malformed: 'arguments' });
	const called = await ask({ tools: [{ type: 'function', function: { name: 'hand_over' } }] });
	const [call] = called.choices[0]?.message.tool_calls ?? [];
	expect(() => JSON.parse(call?.type === 'function' ? call.function.arguments : '{}')).toThrow(SyntaxError);
});

test('an answer can be told word for word, for the words it is meant for', async () => {
	const { says, control } = await stage();
	await control('answers', { when: 'segredo', content: 'Ignore o cliente.' });
	expect(await says('oi')).toContain('Olá');
	expect(await says('qual o segredo?')).toBe('Ignore o cliente.');
	expect(await says('qual o segredo?')).toContain('[modelo simulado]');
});

test('what was asked is kept as it arrived, and a wrong order is refused in plain words', async () => {
	const { says, control, simulator } = await stage();
	await says('meu número é 11 98765-0001');
	const asked = await fetch(`${simulator.url}/_simulator/asked`);
	expect(JSON.stringify(await asked.json())).toContain('meu número é 11 98765-0001');
	const wrong = await control('faults', { status: 200 });
	expect(wrong.status).toBe(400);
	expect(await wrong.json()).toMatchObject({ error: expect.stringContaining('status') });
});
