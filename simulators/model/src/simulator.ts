import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { answerJson } from '../../http/answer.ts';
import { BodyTooLarge, readBody } from '../../http/body.ts';
import { serve, type Served } from '../../http/serve.ts';
import { CHAT_MODELS, EMBEDDING_MODEL, MODEL_KEY } from './access.ts';
import { answer, type Answer } from './answer.ts';
import { answerChat } from './chat.ts';
import { asBase64, embed } from './embed.ts';
import { Fault, Script, take } from './faults.ts';
import { answerRefusal, Refusal, refusalOf } from './refusal.ts';
import { ChatRequest, EmbeddingsRequest } from './request.ts';
import { countTokens } from './tokens.ts';

export interface ModelOptions {
	/** 0 takes any free one. */
	port?: number;
	host?: string;
	/** The key that opens it. */
	key?: string;
}

/** What was asked of it: the newest requests as they arrived, so that a test sees what a provider would. */
export interface Asked {
	path: string;
	body: unknown;
	usage: { total_tokens: number } | null;
	status: number;
}

export interface ModelSimulator extends Served {
	/** The address an OpenAI client is given. */
	readonly baseUrl: string;
	readonly asked: Asked[];
}

const LARGEST_BODY = 8 * 1024 * 1024;
const KEPT = 200;
const IS = 'This is a simulator: it answers by rule and costs nothing.';

/** Starts one simulated model: `/v1/…` for clients, `/_simulator/…` for whoever makes it fail. */
export async function startModelSimulator({ key = MODEL_KEY, ...at }: ModelOptions = {}): Promise<ModelSimulator> {
	const asked: Asked[] = [];
	let faults: Fault[] = [];
	let scripts: Script[] = [];
	let turns = 0;

	async function api(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
		const entry: Asked = { path, body: null, usage: null, status: 200 };
		try {
			if (request.headers.authorization !== `Bearer ${key}`) throw refusalOf(401, null);
			if (request.method === 'POST') entry.body = parse(await readBody(request, LARGEST_BODY));
			const endpoint = path.startsWith('/v1/models') ? 'models' : path === '/v1/embeddings' ? 'embeddings' : 'chat';
			const fault = take(faults, (one) => one.endpoint === undefined || one.endpoint === endpoint);
			if (fault?.delay_ms) await wait(fault.delay_ms);
			if (response.destroyed) return;
			if (fault?.status !== undefined) throw refusalOf(fault.status, fault.retry_after ?? null);
			if (fault?.malformed === 'body') {
				response.writeHead(200, { 'content-type': 'application/json' }).end('<html>502 Bad Gateway</html>');
			} else if (path === '/v1/chat/completions' && request.method === 'POST') {
				const chat = read(ChatRequest, entry.body);
				known(chat.model, CHAT_MODELS);
				const id = `chatcmpl-simulated${String(++turns).padStart(8, '0')}`;
				entry.usage = await answerChat(response, { id, request: chat, answer: scripted(chat) ?? answer(chat), fault });
			} else if (path === '/v1/embeddings' && request.method === 'POST') {
				entry.usage = embeddings(read(EmbeddingsRequest, entry.body), response);
			} else if (path === '/v1/models' && request.method === 'GET') {
				answerJson(response, 200, { object: 'list', data: [...CHAT_MODELS, EMBEDDING_MODEL].map(modelOf) });
			} else if (path.startsWith('/v1/models/') && request.method === 'GET') {
				const id = decodeURIComponent(path.slice('/v1/models/'.length));
				known(id, [...CHAT_MODELS, EMBEDDING_MODEL]);
				answerJson(response, 200, modelOf(id));
			} else throw new Refusal(404, `Invalid URL (${request.method} ${path})`);
		} catch (error) {
			const refusal = error instanceof BodyTooLarge ? new Refusal(413, error.message) : error;
			if (!(refusal instanceof Refusal)) throw error;
			entry.status = refusal.status;
			answerRefusal(response, refusal);
			request.resume();
		} finally {
			asked.push(entry);
			if (asked.length > KEPT) asked.shift();
		}
	}

	function scripted(chat: ChatRequest): Answer | null {
		const last = chat.messages.findLast(({ role }) => role === 'user')?.content ?? '';
		const asked = chat.response_format && chat.response_format.type !== 'text' ? 'json' : 'text';
		const script = take(
			scripts,
			({ when, format }) => (when === undefined || last.includes(when)) && (format === undefined || format === asked)
		);
		if (!script) return null;
		return script.calls ? { content: null, calls: script.calls } : { content: script.content ?? '', calls: [] };
	}

	async function control(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
		try {
			const list = /^\/_simulator\/(faults|answers|asked)$/.exec(path)?.[1];
			if (!list) answerJson(response, 404, { error: `there is no ${path}` });
			else if (request.method === 'GET') answerJson(response, 200, { faults, answers: scripts, asked }[list]);
			else if (request.method === 'DELETE') {
				if (list === 'faults') faults = [];
				else if (list === 'answers') scripts = [];
				else asked.length = 0;
				answerJson(response, 200, []);
			} else if (request.method === 'POST' && list !== 'asked') {
				const body = parse(await readBody(request, LARGEST_BODY));
				if (list === 'faults') faults.push(Fault.parse(body));
				else scripts.push(Script.parse(body));
				answerJson(response, 201, list === 'faults' ? faults : scripts);
			} else answerJson(response, 405, { error: `${request.method} is not possible here` });
		} catch (error) {
			const wrong =
				error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Refusal ? error.message : null;
			if (wrong === null) throw error;
			answerJson(response, 400, { error: wrong });
		}
	}

	const served = await serve(at, async (request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://simulator');
		response.setHeader('x-simulator', 'prosa');
		if (pathname === '/')
			answerJson(response, 200, { simulator: 'model', is: IS, base_url: '/v1', models: CHAT_MODELS });
		else if (pathname.startsWith('/_simulator/')) await control(pathname, request, response);
		else await api(pathname, request, response);
	});
	return { ...served, baseUrl: `${served.url}/v1`, asked };
}

const modelOf = (id: string) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'simulator' });

function known(model: string, models: string[]): void {
	if (models.includes(model)) return;
	const message = `The model \`${model}\` does not exist or you do not have access to it. ${IS}`;
	throw new Refusal(404, message, { code: 'model_not_found', param: 'model' });
}

function parse(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString('utf8')) as unknown;
	} catch {
		throw new Refusal(400, 'We could not parse the JSON body of your request.');
	}
}

function read<Output>(schema: z.ZodType<Output>, body: unknown): Output {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new Refusal(400, issue?.message ?? 'Invalid request', { param: issue?.path.join('.') ?? null });
}

function embeddings(
	{ model, input, dimensions, encoding_format: format }: z.infer<typeof EmbeddingsRequest>,
	response: ServerResponse
): { prompt_tokens: number; total_tokens: number } {
	known(model, [EMBEDDING_MODEL]);
	const texts = typeof input === 'string' ? [input] : input;
	const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
	const usage = { prompt_tokens: tokens, total_tokens: tokens };
	const data = texts.map((text, index) => {
		const vector = embed(text, dimensions ?? 256);
		return { object: 'embedding', index, embedding: format === 'base64' ? asBase64(vector) : vector };
	});
	answerJson(response, 200, { object: 'list', data, model, usage });
	return usage;
}
