import { expect, test } from 'vitest';
import { MODEL, stage } from './stage.ts';

const CUSTOMER = {
	type: 'function',
	function: {
		name: 'sgp_customer',
		parameters: { type: 'object', properties: { document: { type: 'string' } }, required: ['document'] }
	}
} as const;
const INVOICES = {
	type: 'function',
	function: {
		name: 'sgp_invoices',
		parameters: { type: 'object', properties: { contract: { type: 'integer' } }, required: ['contract'] }
	}
} as const;
const HAND_OVER = {
	type: 'function',
	function: {
		name: 'hand_over',
		parameters: { type: 'object', properties: { reason: { type: 'string', maxLength: 120 } }, required: ['reason'] }
	}
} as const;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
	const list: Item[] = [];
	for await (const item of items) list.push(item);
	return list;
}

test('it answers in the language it is asked in, and says that it is a simulator', async () => {
	const { says } = await stage();
	expect(await says('Oi, tudo bem?')).toBe('[modelo simulado] Olá! Como posso ajudar?');
	expect(await says('Hello, can you help me please?')).toBe('[simulated model] Hello! How can I help?');
});

test('the same question has the same answer and the same cost', async () => {
	const { openai } = await stage();
	const ask = () =>
		openai.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: 'Quanto custa o plano?' }] });
	const [first, second] = [await ask(), await ask()];
	expect(first.choices).toEqual(second.choices);
	expect(first.usage).toEqual(second.usage);
	expect(first.usage?.total_tokens).toBe((first.usage?.prompt_tokens ?? 0) + (first.usage?.completion_tokens ?? 0));
	expect(first.usage?.completion_tokens).toBeGreaterThan(5);
});

test('a stream holds the same words as the whole answer, and its cost at the end', async () => {
	const { openai, says } = await stage();
	const whole = await says('Vocês abrem sábado?');
	const stream = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: 'Vocês abrem sábado?' }],
		stream: true,
		stream_options: { include_usage: true }
	});
	const chunks = await all(stream);
	expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(whole);
	expect(chunks.length).toBeGreaterThan(8);
	expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
	expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
});

test('a second invoice takes the customer first, then the contract it found, then tells what came of it', async () => {
	const { openai } = await stage();
	const tools = [CUSTOMER, INVOICES, HAND_OVER];
	const messages: Parameters<typeof openai.chat.completions.create>[0]['messages'] = [
		{ role: 'user', content: 'Preciso da segunda via do boleto' }
	];
	const turn = async () => {
		const completion = await openai.chat.completions.create({ model: MODEL, messages, tools });
		const message = completion.choices[0]?.message;
		if (!message) throw new Error('no message');
		messages.push(message);
		return { message, reason: completion.choices[0]?.finish_reason };
	};
	expect((await turn()).message.content).toContain('Qual é o CPF ou CNPJ do titular?');

	messages.push({ role: 'user', content: '529.982.247-25' });
	const looked = await turn();
	expect(looked.reason).toBe('tool_calls');
	const [call] = looked.message.tool_calls ?? [];
	expect(call).toMatchObject({ function: { name: 'sgp_customer', arguments: '{"document":"529.982.247-25"}' } });
	messages.push({ role: 'tool', tool_call_id: call?.id ?? '', content: '{"contracts":[{"contract":4711}]}' });

	const [second] = (await turn()).message.tool_calls ?? [];
	expect(second).toMatchObject({ function: { name: 'sgp_invoices', arguments: '{"contract":4711}' } });
	messages.push({ role: 'tool', tool_call_id: second?.id ?? '', content: '{"valor":"89,90","pix":"000201ABC"}' });

	const last = await turn();
	expect(last.reason).toBe('stop');
	expect(last.message.content).toContain('valor: 89,90\npix: 000201ABC');
});

test('a masked number is as good as the number', async () => {
	const { openai } = await stage();
	const completion = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: 'Quero a fatura, meu CPF é [CPF_1]' }],
		tools: [CUSTOMER, INVOICES]
	});
	expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({
		function: { name: 'sgp_customer', arguments: '{"document":"[CPF_1]"}' }
	});
});

test('tool calls stream in pieces that make the whole', async () => {
	const { openai } = await stage();
	const stream = openai.chat.completions.stream({
		model: MODEL,
		messages: [{ role: 'user', content: 'Quero falar com um atendente agora!' }],
		tools: [CUSTOMER, HAND_OVER]
	});
	const message = await stream.finalMessage();
	expect(message.tool_calls?.[0]).toMatchObject({
		function: { name: 'hand_over', arguments: '{"reason":"O cliente precisa de uma pessoa."}' }
	});
});

test('a failed tool is not told as a fact', async () => {
	const { openai } = await stage();
	const completion = await openai.chat.completions.create({
		model: MODEL,
		messages: [
			{ role: 'user', content: 'minha fatura, CPF 529.982.247-25' },
			{
				role: 'assistant',
				content: null,
				tool_calls: [{ id: 'a', type: 'function', function: { name: 'sgp_invoices', arguments: '{}' } }]
			},
			{ role: 'tool', tool_call_id: 'a', content: '{"error":"sgp_unreachable"}' }
		],
		tools: [INVOICES]
	});
	expect(completion.choices[0]?.message.content).toContain('Não consegui consultar isso agora');
});

test('asked for JSON by a schema it fills that schema', async () => {
	const { openai } = await stage();
	const completion = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: 'Isso é um absurdo, vou no Procon!' }],
		response_format: {
			type: 'json_schema',
			json_schema: {
				name: 'decision',
				schema: {
					type: 'object',
					properties: {
						sentiment: { enum: ['positive', 'neutral', 'negative'] },
						urgency: { enum: ['low', 'normal', 'high'] },
						language: { type: 'string' },
						hand_over: { type: 'boolean' },
						reason: { type: 'string', maxLength: 200 }
					},
					required: ['sentiment', 'urgency', 'language', 'hand_over', 'reason']
				}
			}
		}
	});
	expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({
		sentiment: 'negative',
		urgency: 'high',
		language: 'pt-BR',
		hand_over: true,
		reason: 'O cliente precisa de uma pessoa.'
	});
});

test('in a transcript of both sides it reads what the customer said, not what the company did', async () => {
	const { openai } = await stage();
	const transcript = [
		'<customer_message>assistente</customer_message>',
		'<company_message>Para falar com alguém, é só dizer.</company_message>',
		'<customer_message>Quanto custa a troca de óleo?</customer_message>'
	].join('\n');
	const { choices } = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: transcript }],
		response_format: { type: 'json_object' }
	});
	expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ intent: 'buy', hand_over: false });
});

test('what stands in a document is quoted with its source; what does not is not made up', async () => {
	const { openai } = await stage();
	const ask = async (content: string) => {
		const completion = await openai.chat.completions.create({
			model: MODEL,
			messages: [
				{
					role: 'system',
					content:
						'Documentos:\n<document id="d1" title="Loja">Entregamos em todo o centro. A entrega custa R$ 8 e leva 40 minutos.</document>'
				},
				{ role: 'user', content }
			]
		});
		return completion.choices[0]?.message.content ?? '';
	};
	expect(await ask('Quanto custa a entrega?')).toContain('Segundo o documento [d1]: A entrega custa R$ 8');
	expect(await ask('Vocês abrem domingo?')).toContain('Não encontrei o horário');
});

test('a limit on the answer cuts it and says so', async () => {
	const { openai } = await stage();
	const completion = await openai.chat.completions.create({
		model: MODEL,
		messages: [{ role: 'user', content: 'oi' }],
		max_completion_tokens: 6
	});
	expect(completion.choices[0]?.finish_reason).toBe('length');
	expect(completion.usage?.completion_tokens).toBeLessThanOrEqual(6);
});

test('embeddings bring texts about one thing closer than texts about two', async () => {
	const { openai } = await stage();
	const input = ['segunda via do boleto', 'boleto: como tirar a segunda via', 'bolo de cenoura com chocolate'];
	const { data, usage } = await openai.embeddings.create({
		model: 'prosa-simulator-embedding',
		input,
		dimensions: 128
	});
	const [a = [], b = [], c = []] = data.map(({ embedding }) => embedding);
	const near = (x: number[], y: number[]) => x.reduce((sum, value, place) => sum + value * (y[place] ?? 0), 0);
	expect(a).toHaveLength(128);
	expect(near(a, a)).toBeCloseTo(1, 4);
	expect(near(a, b)).toBeGreaterThan(near(a, c) + 0.3);
	expect(usage.total_tokens).toBeGreaterThan(10);
});

test('the models are listed, and another is refused as OpenAI refuses it', async () => {
	const { openai } = await stage();
	const models = await all(await openai.models.list());
	expect(models.map(({ id }) => id)).toEqual(['prosa-simulator', 'prosa-simulator-mini', 'prosa-simulator-embedding']);
	await expect(
		openai.chat.completions.create({ model: 'gpt-9', messages: [{ role: 'user', content: 'oi' }] })
	).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
});

test('a text is rewritten, translated or summarised where that is asked, with its placeholders', async () => {
	const { openai } = await stage();
	const done = async (system: string, content: string) => {
		const completion = await openai.chat.completions.create({
			model: MODEL,
			messages: [
				{ role: 'system', content: system },
				{ role: 'user', content }
			]
		});
		return completion.choices[0]?.message.content;
	};
	const rewrite = (how: string, text: string) =>
		done(`You rewrite a message.\n\nRewrite it ${how}`, `<text>${text}</text>`);
	expect(await rewrite('with its spelling mended', 'vc nao pode hj')).toBe('[modelo simulado] Você não pode hoje.');
	expect(await rewrite('shorter', 'O pão está pronto. Pode vir buscar.')).toBe('[modelo simulado] O pão está pronto.');
	expect(
		await done('You translate.\n\nTranslate it into the language en (BCP 47).', '<text>Bom dia, o pão [CPF_1]</text>')
	).toBe('[simulated model] Good morning, the bread [CPF_1]');
	expect(
		await done(
			'You summarise.',
			'<customer_message>Quero um bolo</customer_message>\n<company_message>Claro</company_message>'
		)
	).toBe('[modelo simulado] O cliente escreveu: «Quero um bolo». A empresa respondeu: «Claro».');
});
