import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startModelSimulator, type ModelSimulator } from '../../../simulators/model/index.ts';
import type { OutsideDeps } from '../../../workers/src/ai/outside.ts';
import { SgpClients } from '../../../workers/src/modules/sgp.ts';
import { takeTurn } from '../../../workers/src/ai/turn.ts';
import { cut } from '@prosa/core/ai/knowledge/cut.ts';
import type { Database } from '../database.ts';
import { uuid } from '../people.ts';

export const SECRETS_KEY = `test:${Buffer.alloc(32, 7).toString('base64')}`;

export interface Stage {
	readonly model: ModelSimulator;
	/** `origins`: machines of ours that its tools may call. */
	deps(database: Database, key?: string | null, origins?: string[]): Promise<OutsideDeps>;
	/** Spoils the next calls, or says what to answer next. */
	post(what: 'faults' | 'answers', body: object): Promise<void>;
}

/** A model simulator for a test file, over HTTP; nothing is spoilt between tests. */
export function useModel(): Stage {
	let model: ModelSimulator;
	beforeAll(async () => {
		model = await startModelSimulator();
	});
	afterAll(() => model.close());
	beforeEach(async () => {
		for (const list of ['faults', 'answers', 'asked'])
			await fetch(`${model.url}/_simulator/${list}`, { method: 'DELETE' });
	});
	return {
		get model() {
			return model;
		},
		deps: async (database, key = 'simulated', flowOrigins = []) => {
			const keys = await readSecretKeys(SECRETS_KEY);
			return {
				db: database.worker,
				keys,
				sgp: new SgpClients(keys, flowOrigins),
				flowOrigins,
				ai: { baseUrl: model.baseUrl, key: key === 'simulated' ? MODEL_KEY : key, model: 'prosa-simulator' }
			};
		},
		post: async (what, body) => {
			const answer = await fetch(`${model.url}/_simulator/${what}`, { method: 'POST', body: JSON.stringify(body) });
			if (!answer.ok) throw new Error(await answer.text());
		}
	};
}

import { MODEL_KEY } from '../../../simulators/model/src/access.ts';

let agents = 0;

/** An agent of the bakery's, published. Gives its id. */
export async function publishAgent(
	database: Database,
	draft: object = {},
	handOverTeam: string | null = null
): Promise<string> {
	return database.as('sofia', async (sql) => {
		const definition = { name: `Bia ${++agents}`, model: 'prosa-simulator', gather_seconds: 0, ...draft };
		const [agent] = await sql<{ id: string }[]>`
			select id from public.save_ai_agent(
				${uuid('padaria')}, null, ${JSON.stringify(definition)}::text::jsonb, null, '{}', '{}', ${handOverTeam}
			)`;
		const id = String(agent?.id);
		await sql`select public.publish_ai_agent(${id}, 1)`;
		return id;
	});
}

/** A document of the bakery's, cut as a worker does. */
export async function teach(database: Database, title: string, body: string): Promise<string> {
	const id = await database.as('sofia', async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select id from public.save_ai_document(${uuid('padaria')}, null, ${title}, 'markdown', ${body})`;
		return String(row?.id);
	});
	await database.worker`
		select private.keep_ai_pieces(${id}, 1, ${JSON.stringify(cut(body, 'markdown'))}::text::jsonb)`;
	return id;
}

/** Does what a worker does for a conversation. */
export const takes = (deps: OutsideDeps, conversationId: string, signal = new AbortController().signal) =>
	takeTurn(deps, conversationId, signal);

export const turnsIn = (database: Database, conversationId: string) =>
	database.owner<
		{
			outcome: string;
			reason: string;
			decision: Record<string, unknown>;
			citations: { title: string }[];
			actions: object[];
		}[]
	>`select outcome, reason, decision, citations, actions from public.ai_turns where conversation_id = ${conversationId} order by created_at`;

export const callsOf = (database: Database, conversationId: string) =>
	database.owner<
		{ purpose: string; status: string; error: string | null; cost: string | null; input_tokens: number | null }[]
	>`
		select purpose, status, error, cost, input_tokens from public.ai_calls where conversation_id = ${conversationId} order by created_at`;
