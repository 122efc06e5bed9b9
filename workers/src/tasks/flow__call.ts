import type { Outcome } from '@prosa/core/flows/events.ts';
import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { askForFlow } from '../ai/flow.ts';
import type { AiDeps } from '../ai/provider.ts';
import { answered } from '../answered.ts';
import { call } from '../flows/request.ts';
import { throughConnection } from '../modules/connection.ts';
import { KeptModule } from '../modules/open.ts';
import { askSgp, SgpClients, SgpQuestion } from '../modules/sgp.ts';
import { task } from '../task.ts';

const Payload = z.object({ flow_call_id: z.guid() });

const Request = z.object({
	method: z.string(),
	url: z.string(),
	headers: z.record(z.string(), z.string()),
	body: z.string(),
	seconds: z.number().min(1).max(60),
	retries: z.number().int().min(0).max(3),
	connection: z.guid().optional()
});

/** What `private.take_flow_call` gives. */
const Call = z.object({
	id: z.guid(),
	tenant_id: z.guid(),
	run_id: z.guid(),
	conversation_id: z.guid(),
	kind: z.enum(['http', 'sgp', 'ai', 'webhook']),
	request: z.record(z.string(), z.unknown()),
	tries: z.number().int(),
	/** The integration that it goes through; null: it needs none, or there is none that is on. */
	module: KeptModule.nullable()
});

export interface FlowCallDeps extends AiDeps {
	/** Origins of our own that flows may call: simulators. */
	flowOrigins: readonly string[];
	/** Made here where nobody else asks SGP. */
	sgp?: SgpClients;
}

/** Workers may die in the middle of a call so often; then it counts as failed. */
const MOST_TRIES = 4;

/**
 * Asks another machine what a flow wants to know, outside of any transaction. Runs again safely: what came of a call is
 * kept once, and whoever is called again is given the same idempotency key.
 */
export const flowCall = (deps: FlowCallDeps) => {
	const { db, flowOrigins, keys, sgp = new SgpClients(keys, flowOrigins) } = deps;
	return task(Payload, async ({ flow_call_id }, { abortSignal: signal }) => {
		const [row] = await answered(db<{ taken: unknown }[]>`select private.take_flow_call(${flow_call_id}) as taken`);
		if (!row?.taken) return;
		const taken = Call.parse(row.taken);
		const outcome =
			taken.tries > MOST_TRIES ? GIVEN_UP : await ask(taken, { deps, sgp, keys, origins: flowOrigins, signal });
		await answered(db`select private.settle_flow_call(${flow_call_id}, ${JSON.stringify(outcome)}::text::jsonb)`);
	});
};

const GIVEN_UP: Outcome = { ok: false, code: 'given_up' };
const MODULE_OFF: Outcome = { ok: false, code: 'module_off' };

interface Around {
	deps: AiDeps;
	sgp: SgpClients;
	keys: SecretKeys;
	origins: readonly string[];
	signal: AbortSignal;
}

async function ask(
	{ id, tenant_id, kind, request, run_id, conversation_id, module, tries }: z.infer<typeof Call>,
	{ deps, sgp, keys, origins, signal }: Around
): Promise<Outcome> {
	if (kind === 'ai') return askForFlow(deps, { tenantId: tenant_id, conversationId: conversation_id, request }, signal);
	if (kind === 'sgp') return module ? askSgp(sgp, module, SgpQuestion.parse(request), tries) : MODULE_OFF;
	const { connection, ...wanted } = Request.parse(request);
	if (kind === 'webhook' && wanted.body === '') {
		wanted.body = JSON.stringify({ event: request['event'], run_id, conversation_id });
		wanted.headers['content-type'] = 'application/json';
	}
	if (connection === undefined) return call(wanted, { key: id, signal, origins });
	if (!module) return MODULE_OFF;
	const through = await throughConnection(keys, module, wanted);
	return through.ok ? call(through.request, { key: id, signal, origins }) : through;
}
