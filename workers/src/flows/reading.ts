import type { Facts, Outcome } from '@prosa/core/flows/events.ts';
import type { RunState } from '@prosa/core/flows/state.ts';
import { Trigger } from '@prosa/core/flows/triggers.ts';
import { z } from 'zod';

const Message = z.object({
	id: z.guid(),
	seq: z.number(),
	kind: z.string(),
	body: z.string(),
	content: z.record(z.string(), z.unknown()),
	media: z.record(z.string(), z.unknown()).nullable(),
	received_at: z.number()
});

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What `private.read_flow` gives: where a run stands, and what has happened since. */
export const Reading = z.object({
	/** Milliseconds since the epoch, by the database's clock. */
	at: z.number().transform(Math.floor),
	run: z
		.object({
			id: z.guid(),
			flow_id: z.guid(),
			pins: z.record(z.guid(), z.guid()),
			/** Written by this worker, or one of its version. */
			state: z.custom<RunState>(isObject).nullable(),
			revision: z.number(),
			cursor: z.number(),
			begins_with: z.record(z.string(), z.unknown())
		})
		.nullable(),
	/** The newest first come first; one of a later version of ours is passed over. */
	triggers: z
		.array(z.object({ id: z.guid(), flow_id: z.guid(), trigger: z.unknown() }))
		.nullable()
		.transform((list) =>
			(list ?? []).flatMap(({ id, trigger }) => {
				const read = Trigger.safeParse(trigger);
				return read.success ? [{ id, trigger: read.data }] : [];
			})
		),
	facts: z.custom<Facts>(isObject),
	/** The message that the run begins with. */
	first: Message.nullable(),
	messages: z.array(Message),
	outcome: z.object({ effect: z.number(), outcome: z.custom<Outcome>(isObject) }).nullable()
});
export type Reading = z.infer<typeof Reading>;
