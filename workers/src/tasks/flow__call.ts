import type { HttpRequest } from '@prosa/core/flows/effects.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { call } from '../flows/request.ts';
import { task } from '../task.ts';

const Payload = z.object({ flow_call_id: z.guid() });

const Request = z.object({
	method: z.string(),
	url: z.string(),
	headers: z.record(z.string(), z.string()),
	body: z.string(),
	seconds: z.number().min(1).max(60),
	retries: z.number().int().min(0).max(3)
});

/** What `private.take_flow_call` gives. */
const Call = z.object({
	id: z.guid(),
	run_id: z.guid(),
	conversation_id: z.guid(),
	kind: z.enum(['http', 'ai', 'webhook']),
	request: z.record(z.string(), z.unknown()),
	tries: z.number().int()
});

export interface FlowCallDeps {
	db: Database;
	/** Origins of our own that flows may call: simulators. */
	flowOrigins: readonly string[];
}

/** Workers may die in the middle of a call so often; then it counts as failed. */
const MOST_TRIES = 4;

/**
 * Asks another machine what a flow wants to know, outside of any transaction. Runs again safely: what came of a call is
 * kept once, and whoever is called again is given the same idempotency key.
 */
export const flowCall = ({ db, flowOrigins }: FlowCallDeps) =>
	task(Payload, async ({ flow_call_id }, { abortSignal: signal }) => {
		const [row] = await answered(db<{ taken: unknown }[]>`select private.take_flow_call(${flow_call_id}) as taken`);
		if (!row?.taken) return;
		const taken = Call.parse(row.taken);
		const outcome = taken.tries > MOST_TRIES ? GIVEN_UP : await ask(taken, flowOrigins, signal);
		await answered(db`select private.settle_flow_call(${flow_call_id}, ${JSON.stringify(outcome)}::text::jsonb)`);
	});

const GIVEN_UP: Outcome = { ok: false, code: 'given_up' };
/** No provider is connected: the flow takes its error branch. */
const AI_OFF: Outcome = { ok: false, code: 'ai_off' };

async function ask(
	{ id, kind, request, run_id, conversation_id }: z.infer<typeof Call>,
	origins: readonly string[],
	signal: AbortSignal
): Promise<Outcome> {
	if (kind === 'ai') return AI_OFF;
	const wanted: HttpRequest = Request.parse(request);
	if (kind === 'webhook' && wanted.body === '') {
		wanted.body = JSON.stringify({ event: request['event'], run_id, conversation_id });
		wanted.headers['content-type'] = 'application/json';
	}
	return call(wanted, { key: id, signal, origins });
}
