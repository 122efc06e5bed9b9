import { z } from 'zod';
import type { Client } from '../auth/client.ts';

/** What of a turn is read with its message. The agent's name is for whoever may see agents. */
export const turnColumns = 'id, message_id, outcome, reason, decision, citations, actions, agent:ai_agents(name)';

/** Kept by a worker of whatever version: what is not there is not shown. */
const Turn = z.object({
	id: z.string(),
	message_id: z.string(),
	outcome: z.string(),
	reason: z.string(),
	decision: z
		.object({
			intent: z.string().optional(),
			sentiment: z.string().optional(),
			urgency: z.string().optional(),
			temperature: z.string().optional(),
			confidence: z.number().optional()
		})
		.catch({}),
	citations: z.array(z.object({ document_id: z.string(), position: z.number(), title: z.string() })).catch([]),
	actions: z.array(z.object({ tool: z.string(), fault: z.string().optional() })).catch([]),
	agent: z.object({ name: z.string() }).nullable().catch(null)
});
export type Turn = z.infer<typeof Turn>;

/** A row as a turn; null where it said nothing. */
export function readTurn(row: unknown): Turn | null {
	const read = Turn.safeParse(row);
	return read.success ? read.data : null;
}

const Story = z.object({
	version: z.number().nullable(),
	sources: z.array(
		z.object({
			document_id: z.string(),
			position: z.number(),
			title: z.string(),
			heading: z.string(),
			text: z.string().nullable(),
			state: z.enum(['same', 'changed', 'gone'])
		})
	),
	calls: z
		.object({
			count: z.number(),
			input_tokens: z.number(),
			output_tokens: z.number(),
			cost: z.number().nullable(),
			latency_ms: z.number()
		})
		.nullable()
});
export type Story = z.infer<typeof Story>;
export type Source = Story['sources'][number];

/** A turn looked at closely. Throws what the database answers. */
export async function turnStory(client: Client, turnId: string): Promise<Story> {
	const { data } = await client.rpc('ai_turn_story', { turn_id: turnId }).throwOnError();
	return Story.parse(data);
}

/** The documents of a turn, each once, as they were cited. */
export function documentsOf({ citations }: Turn): { document_id: string; title: string }[] {
	return citations.filter(
		({ document_id }, at) => citations.findIndex((one) => one.document_id === document_id) === at
	);
}
