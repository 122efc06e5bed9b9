import { z } from 'zod';

/** What goes wrong with the next calls, as `POST /_simulator/faults` takes it. */
export const Fault = z.strictObject({
	/** How many calls it spoils. */
	times: z.number().int().positive().default(1),
	/** Which calls: all, where not said. */
	endpoint: z.enum(['chat', 'embeddings', 'models']).optional(),
	/** Answers with this status in OpenAI's words. */
	status: z.number().int().min(400).max(599).optional(),
	/** Seconds, as the `retry-after` of a refusal. */
	retry_after: z.number().int().nonnegative().optional(),
	/** Waits before anything is answered. */
	delay_ms: z.number().int().min(0).max(600_000).optional(),
	/** Waits between the pieces of a stream. */
	piece_ms: z.number().int().min(0).max(60_000).optional(),
	/** Drops the connection after so many pieces of a stream; without a stream, in the middle of the body. */
	cut_after: z.number().int().nonnegative().optional(),
	/** `body`: no JSON at all. `shape`: JSON of another shape. `empty`: no choices. `content`: a text that breaks off in its JSON. `arguments`: a tool call whose arguments are no JSON. */
	malformed: z.enum(['body', 'shape', 'empty', 'content', 'arguments']).optional()
});
export type Fault = z.infer<typeof Fault>;

/** What to say to the next calls in place of an answer by rule, as `POST /_simulator/answers` takes it. */
export const Script = z.strictObject({
	times: z.number().int().positive().default(1),
	/** Only where the customer's last words hold this. */
	when: z.string().optional(),
	/** Only where this is asked for; both, where not said. */
	format: z.enum(['text', 'json']).optional(),
	content: z.string().optional(),
	calls: z.array(z.strictObject({ name: z.string().min(1), arguments: z.string() })).optional()
});
export type Script = z.infer<typeof Script>;

/** Takes the first that fits, and forgets it when it has been taken as often as it was meant. */
export function take<Entry extends { times: number }>(
	entries: Entry[],
	fits: (entry: Entry) => boolean
): Entry | undefined {
	const index = entries.findIndex(fits);
	const entry = entries[index];
	if (!entry) return undefined;
	entry.times -= 1;
	if (entry.times === 0) entries.splice(index, 1);
	return entry;
}
