import { Flows } from '../../../workers/src/flows/advance.ts';
import type { Database } from '../database.ts';
import { uuid } from '../people.ts';

export interface Drawn {
	nodes: object[];
	/** `a > b`, or `a:branch > b`. */
	lines: string[];
	variables?: object[];
}

/** The JSON of a flow, from nodes and lines. */
export const drawing = ({ nodes, lines, variables = [] }: Drawn) => ({
	format: 1,
	nodes: [{ id: 's', type: 'start' }, ...nodes],
	variables,
	edges: lines.map((line) => {
		const [, from, branch = 'next', to] = /^(\S+?)(?::(\S+))? > (\S+)$/.exec(line) ?? [];
		return { from, branch, to };
	})
});

let flows = 0;

/** A flow of the bakery's, published, with what starts it. Gives its id. */
export async function publishFlow(database: Database, drawn: Drawn, triggers: object[]): Promise<string> {
	return database.as('sofia', async (sql) => {
		const [flow] = await sql<{ id: string }[]>`
			select id from public.save_flow(${uuid('padaria')}, null, ${`Fluxo ${++flows}`}, ${JSON.stringify(drawing(drawn))}::text::jsonb, null)`;
		const id = String(flow?.id);
		await sql`select public.save_flow_triggers(${id}, ${JSON.stringify(triggers)}::text::jsonb)`;
		await sql`select public.publish_flow(${id}, 1)`;
		return id;
	});
}

/** Does what a worker does for a conversation: it may have been called for, and is given back. */
export async function works(database: Database, conversationId: string): Promise<number> {
	const [wake] = await database.owner<{ version: number }[]>`
		select version from private.flow_wakes where conversation_id = ${conversationId}`;
	const taken = wake && { conversation_id: conversationId, version: wake.version, reading: undefined };
	return new Flows(database.worker).advance(conversationId, taken);
}

/** All that was said, oldest first: `contact: oi`, `bot: Olá!`. */
export const saidIn = async (database: Database, conversationId: string) =>
	(
		await database.owner<{ author: string; body: string }[]>`
			select author, body from public.messages
			where conversation_id = ${conversationId} and not is_private order by seq`
	).map(({ author, body }) => `${author}: ${body}`);

export const runsIn = (database: Database, conversationId: string) =>
	database.owner<
		{
			id: string;
			status: string;
			outcome: string | null;
			fault: string | null;
			cursor: string;
			revision: number;
			state: { variables: Record<string, unknown> };
			waiting_until: Date | null;
		}[]
	>`
		select id, status, outcome, fault, cursor, revision, state, waiting_until
		from public.flow_runs where conversation_id = ${conversationId} order by started_at`;

/** When a conversation's flow is to be taken further: as it was called for, and by jobs for later. */
export const callsFor = (database: Database, conversationId: string) =>
	database.owner<{ task: string; run_at: Date }[]>`
		select 'called' as task, w.due_at as run_at from private.flow_wakes w where w.conversation_id = ${conversationId}
		union all
		select t.identifier, j.run_at
		from graphile_worker._private_jobs j
		join graphile_worker._private_tasks t on t.id = j.task_id
		where j.payload ->> 'conversation_id' = ${conversationId} and t.identifier = 'flow__advance'
		order by run_at`;
