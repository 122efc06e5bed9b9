import type { Flow } from '@prosa/core/flows/flow.ts';
import { GUESSES, type Guess } from '@prosa/core/flows/replay/imagined.ts';
import { ENDINGS } from '@prosa/core/flows/replay/replay.ts';
import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';
import { definitionOf } from '../queries.ts';
import type { Period } from '../performance.ts';

export { GUESSES, type Guess };

const Ending = z.enum(ENDINGS);
const Count = z.record(z.enum([...ENDINGS, 'answered']), z.number());
const Counted = z.object({ before: z.number(), after: z.number(), left_before: z.number(), left_after: z.number() });
export type Counted = z.infer<typeof Counted>;

const Replay = z.object({
	id: z.guid(),
	revision: z.number(),
	days: z.number(),
	guess: z.enum(GUESSES),
	status: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
	total: z.number(),
	done: z.number(),
	created_at: z.string(),
	tally: z
		.object({
			conversations: z.number(),
			changed: z.number(),
			taken: z.number(),
			guessed: z.number(),
			before: Count,
			after: Count,
			nodes: z.record(z.string(), Counted)
		})
		.nullable()
});
export type Replay = z.infer<typeof Replay>;

export const isUnderWay = ({ status }: Replay): boolean => status === 'waiting' || status === 'running';

const columns = 'id, revision, days, guess, status, total, done, created_at, tally';

/** The last replay of a flow; null: none yet. Throws what the database answers. */
export async function lastReplay(client: Client, flowId: string): Promise<Replay | null> {
	const { data } = await client
		.from('flow_replays')
		.select(columns)
		.eq('flow_id', flowId)
		.order('created_at', { ascending: false })
		.limit(1)
		.maybeSingle()
		.throwOnError();
	return data && Replay.parse(data);
}

/** Has a draft replayed as it is kept. Throws what the database refuses. */
export async function startReplay(
	client: Client,
	flow: { id: string; revision: number },
	period: Period,
	guess: Guess
): Promise<Replay> {
	const { data } = await client
		.rpc('start_flow_replay', { flow_id: flow.id, revision: flow.revision, days: Number(period), guess })
		.throwOnError();
	return Replay.parse(data);
}

export async function cancelReplay(client: Client, id: string): Promise<Replay> {
	const { data } = await client.rpc('cancel_flow_replay', { flow_replay_id: id }).throwOnError();
	return Replay.parse(data);
}

const Path = z.array(z.object({ flow: z.guid(), node: z.string(), branch: z.string().nullable() }));
export type Path = z.infer<typeof Path>;

const Other = z.object({
	number: z.number(),
	conversation_id: z.guid(),
	run_id: z.guid().nullable(),
	started_at: z.string(),
	guessed: z.boolean(),
	before: Ending.nullable(),
	after: Ending,
	before_path: Path,
	after_path: Path,
	conversations: z.object({
		contacts: z.object({ name: z.string().nullable(), phone: z.string().nullable() }).nullable()
	})
});
/** A conversation that would have gone otherwise. */
export type Other = z.infer<typeof Other>;

const PAGE = 50;

/** The next of those that would have gone otherwise. */
export async function othersOf(client: Client, replayId: string, after: number): Promise<Other[]> {
	const { data } = await client
		.from('flow_replay_conversations')
		.select(
			'number, conversation_id, run_id, started_at, guessed, before, after, before_path, after_path, conversations!inner(contacts!inner(name, phone))'
		)
		.eq('replay_id', replayId)
		.eq('changed', true)
		.gt('number', after)
		.order('number')
		.limit(PAGE)
		.throwOnError();
	return z.array(Other).parse(data);
}

/** What the run of a conversation ran by; null: a person had it, or it is forgotten. */
export async function livedFlow(client: Client, runId: string | null): Promise<Flow | null> {
	if (runId === null) return null;
	const { data } = await client.from('flow_runs').select('version_id').eq('id', runId).maybeSingle().throwOnError();
	return data && definitionOf(client, data.version_id);
}
