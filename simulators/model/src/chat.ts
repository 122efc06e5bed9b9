import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerJson } from '../../http/answer.ts';
import type { Answer } from './answer.ts';
import type { Fault } from './faults.ts';
import type { ChatRequest } from './request.ts';
import { countTokens, cutAt, piecesOf } from './tokens.ts';

export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
}

interface Turn {
	id: string;
	request: ChatRequest;
	answer: Answer;
	fault: Fault | undefined;
}

interface Choice {
	content: string | null;
	tool_calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
	finish_reason: 'stop' | 'length' | 'tool_calls';
}

/** Answers with a completion, whole or piece by piece, and says what it cost. */
export async function answerChat(response: ServerResponse, turn: Turn): Promise<Usage> {
	const choice = choiceOf(turn);
	const usage = usageOf(turn.request, choice);
	const head = {
		id: turn.id,
		created: Math.floor(Date.now() / 1000),
		model: turn.request.model,
		system_fingerprint: 'simulator'
	};
	if (turn.request.stream) await stream(response, turn, choice, usage, head);
	else await whole(response, turn, choice, usage, head);
	return usage;
}

function choiceOf({ id, request, answer, fault }: Turn): Choice {
	if (answer.content === null) {
		const tool_calls = answer.calls.map((call, index) => ({
			id: `call_${id.slice(-12)}_${index}`,
			type: 'function' as const,
			function: {
				name: call.name,
				arguments: fault?.malformed === 'arguments' ? `${call.arguments.slice(0, -1)}, "e` : call.arguments
			}
		}));
		return { content: null, tool_calls, finish_reason: 'tool_calls' };
	}
	const most = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
	const { text, cut } = cutAt(answer.content, most);
	const content = fault?.malformed === 'content' ? text.slice(0, Math.ceil(text.length * 0.7)) : text;
	return { content, tool_calls: [], finish_reason: cut ? 'length' : 'stop' };
}

function usageOf({ messages, tools }: ChatRequest, { content, tool_calls }: Choice): Usage {
	const prompt_tokens =
		messages.reduce((sum, message) => sum + 4 + countTokens(message.content), 3) +
		(tools ? countTokens(JSON.stringify(tools)) : 0);
	const completion_tokens = tool_calls.reduce(
		(sum, call) => sum + countTokens(call.function.name + call.function.arguments),
		countTokens(content ?? '')
	);
	return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

type Head = Record<string, unknown>;

async function whole(
	response: ServerResponse,
	{ fault }: Turn,
	choice: Choice,
	usage: Usage,
	head: Head
): Promise<void> {
	const { content, tool_calls, finish_reason } = choice;
	const message = { role: 'assistant', content, refusal: null, ...(tool_calls.length > 0 && { tool_calls }) };
	const choices = fault?.malformed === 'empty' ? [] : [{ index: 0, message, logprobs: null, finish_reason }];
	const body: unknown =
		fault?.malformed === 'shape' ? { ok: true } : { ...head, object: 'chat.completion', choices, usage };
	if (fault?.cut_after !== undefined) {
		const text = JSON.stringify(body);
		response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
		response.write(text.slice(0, text.length / 2));
		await wait(10);
		response.destroy();
	} else answerJson(response, 200, body);
}

async function stream(
	response: ServerResponse,
	{ request, fault }: Turn,
	choice: Choice,
	usage: Usage,
	head: Head
): Promise<void> {
	response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
	const counted = request.stream_options?.include_usage === true;
	const deltas = deltasOf(choice).map((delta) => ({ delta, finish_reason: null as string | null }));
	deltas.push({ delta: {}, finish_reason: choice.finish_reason });
	for (const [index, { delta, finish_reason }] of deltas.entries()) {
		if (index === fault?.cut_after) {
			response.destroy();
			return;
		}
		const choices = fault?.malformed === 'empty' ? [] : [{ index: 0, delta, logprobs: null, finish_reason }];
		const chunk =
			fault?.malformed === 'shape'
				? { ok: true }
				: { ...head, object: 'chat.completion.chunk', choices, ...(counted && { usage: null }) };
		if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) await new Promise((go) => response.once('drain', go));
		if (fault?.piece_ms) await wait(fault.piece_ms);
		if (response.destroyed) return;
	}
	if (counted) {
		response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`);
	}
	response.end('data: [DONE]\n\n');
}

function deltasOf({ content, tool_calls }: Choice): Record<string, unknown>[] {
	const first = { role: 'assistant', content: content === null ? null : '' };
	if (content !== null) return [first, ...piecesOf(content).map((piece) => ({ content: piece }))];
	const calls = tool_calls.flatMap((call, index) => [
		{ tool_calls: [{ index, id: call.id, type: call.type, function: { name: call.function.name, arguments: '' } }] },
		...(call.function.arguments.match(/[\s\S]{1,12}/g) ?? []).map((piece) => ({
			tool_calls: [{ index, function: { arguments: piece } }]
		}))
	]);
	return [first, ...calls];
}
