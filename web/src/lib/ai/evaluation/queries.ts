import { Expected, Fault } from '@prosa/core/ai/evaluation/evaluation.ts';
import type { Json } from '@prosa/core/database.types.ts';
import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';
import { TrialAnswer, type Said } from '../trials.ts';

const SaidList = z.array(z.object({ author: z.enum(['customer', 'company']), text: z.string() }));

export interface Case {
	id: string | null;
	name: string;
	said: Said[];
	expected: Expected;
	conversation_id: string | null;
}

export type Run = Pick<
	Row<'ai_evaluation_runs'>,
	'id' | 'revision' | 'version_id' | 'status' | 'error' | 'total' | 'done' | 'passed' | 'cost' | 'created_at'
>;

export interface Result {
	case_id: string;
	/** Null: it is still to be asked. */
	faults: Fault[] | null;
	answer: TrialAnswer | null;
}

const RUN = 'id, revision, version_id, status, error, total, done, passed, cost, created_at';

/** A set's cases in the order they were made, its runs newest first. Throws what the database answers. */
export async function evaluationOf(client: Client, tenantId: string, agentId: string) {
	const [agent, cases, runs, tools] = await Promise.all([
		client
			.from('ai_agents')
			.select('id, name, revision, published_version_id')
			.eq('tenant_id', tenantId)
			.eq('id', agentId)
			.maybeSingle()
			.throwOnError(),
		client
			.from('ai_evaluation_cases')
			.select('id, name, said, expected, conversation_id')
			.eq('tenant_id', tenantId)
			.eq('agent_id', agentId)
			.order('created_at')
			.throwOnError(),
		client
			.from('ai_evaluation_runs')
			.select(RUN)
			.eq('tenant_id', tenantId)
			.eq('agent_id', agentId)
			.order('created_at', { ascending: false })
			.limit(40)
			.throwOnError(),
		client.from('ai_documents').select('title').eq('tenant_id', tenantId).order('title').limit(200).throwOnError()
	]);
	return (
		agent.data && {
			agent: agent.data,
			cases: cases.data.map(({ said, expected, ...one }): Case => ({
				...one,
				said: SaidList.catch([]).parse(said),
				expected: Expected.catch(() => Expected.parse({})).parse(expected)
			})),
			runs: runs.data,
			documents: tools.data.map(({ title }) => title)
		}
	);
}

export async function runOf(client: Client, id: string): Promise<Run | null> {
	const { data } = await client.from('ai_evaluation_runs').select(RUN).eq('id', id).maybeSingle().throwOnError();
	return data;
}

/** By case. Throws what the database answers. */
export async function resultsOf(client: Client, runId: string): Promise<Map<string, Result>> {
	const { data } = await client
		.from('ai_evaluation_results')
		.select('case_id, faults, answer')
		.eq('run_id', runId)
		.throwOnError();
	return new Map(
		data.map(({ case_id, faults, answer }) => [
			case_id,
			{
				case_id,
				faults: z.array(Fault).nullable().catch(null).parse(faults),
				answer: TrialAnswer.nullable().catch(null).parse(answer)
			}
		])
	);
}

/** The newest run of a draft as it stands, and of the version that is published: both finished or at it. */
export const lastRuns = (runs: readonly Run[], agent: { revision: number; published_version_id: string | null }) => ({
	draft: runs.find(({ revision }) => revision === agent.revision) ?? null,
	published:
		runs.find(
			({ version_id, status }) => version_id !== null && version_id === agent.published_version_id && status === 'done'
		) ?? null,
	running: runs.find(({ status }) => status === 'running') ?? null
});

/** Makes a case, or keeps it. Throws what the database refuses. */
export const saveCase = (client: Client, agentId: string, one: Case) =>
	client
		.rpc('save_ai_evaluation_case', {
			agent_id: agentId,
			case_id: one.id,
			name: one.name,
			said: one.said as unknown as Json,
			expected: one.expected as unknown as Json,
			...(one.conversation_id === null ? {} : { conversation_id: one.conversation_id })
		})
		.throwOnError();

export interface Talk {
	id: string;
	contact: string;
	preview: string;
	at: string;
}

/** Conversations that a case may be taken from, the latest first. */
export async function talksOf(client: Client, tenantId: string): Promise<Talk[]> {
	const latest = (folder: string) =>
		client
			.from('conversations')
			.select('id, preview, last_message_at, contacts(name)')
			.eq('tenant_id', tenantId)
			.eq('folder', folder)
			.order('last_message_at', { ascending: false })
			.limit(20)
			.throwOnError();
	const [open, closed] = await Promise.all([latest('open'), latest('closed')]);
	return [...open.data, ...closed.data]
		.sort((a, b) => b.last_message_at.localeCompare(a.last_message_at))
		.map(({ id, preview, last_message_at, contacts }) => ({
			id,
			contact: contacts?.name ?? '',
			preview,
			at: last_message_at
		}));
}

export interface Spoken extends Said {
	seq: number;
}

/** What was last said in a conversation, oldest first. */
export async function spokenIn(client: Client, tenantId: string, conversationId: string): Promise<Spoken[]> {
	const { data } = await client
		.from('messages')
		.select('seq, direction, body')
		.eq('tenant_id', tenantId)
		.eq('conversation_id', conversationId)
		.eq('kind', 'text')
		.eq('is_private', false)
		.is('revoked_at', null)
		.order('seq', { ascending: false })
		.limit(60)
		.throwOnError();
	return data
		.filter(({ body }) => body !== '')
		.reverse()
		.map(({ seq, direction, body }) => ({
			seq,
			author: direction === 'in' ? ('customer' as const) : ('company' as const),
			text: body
		}));
}
