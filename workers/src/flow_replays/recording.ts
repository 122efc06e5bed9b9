import type { Facts, Outcome } from '@prosa/core/flows/events.ts';
import { adOf, inboundOf } from '@prosa/core/flows/inbound.ts';
import type { Program } from '@prosa/core/flows/program.ts';
import { RUN_OUTCOMES, type Recorded } from '@prosa/core/flows/replay/record.ts';
import { triggeredBy, type Trigger } from '@prosa/core/flows/triggers.ts';
import type { Value } from '@prosa/core/flows/variables.ts';
import { z } from 'zod';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const Message = z.object({
	id: z.guid(),
	seq: z.number(),
	kind: z.string(),
	body: z.string(),
	content: z.record(z.string(), z.unknown()),
	media: z.record(z.string(), z.unknown()).nullable(),
	received_at: z.number()
});

/** What `private.flow_recording` gives: one conversation as it went. */
export const Recording = z.object({
	number: z.number(),
	started_at: z.number(),
	until: z.number(),
	facts: z.custom<Facts>(isObject),
	run: z
		.object({
			id: z.guid(),
			flow_id: z.guid(),
			pins: z.record(z.guid(), z.guid()),
			outcome: z.enum(RUN_OUTCOMES),
			/** The message that it began with. */
			seq: z.number().nullable(),
			variables: z.custom<Record<string, Value>>(isObject),
			steps: z.array(z.object({ flow: z.guid(), node: z.string(), branch: z.string().nullable(), at: z.number() })),
			calls: z.array(z.custom<Outcome>(isObject).nullable())
		})
		.nullable(),
	messages: z.array(Message),
	told: z.array(z.object({ seq: z.number(), at: z.number() }))
});
export type Recording = z.infer<typeof Recording>;

/** As the interpreter replays it; null: it began with nothing that sets the flow off. `program`: what its run ran by. */
export function recordedOf(
	{ run, messages, told, ...recording }: Recording,
	program: Program | null,
	triggers: readonly { trigger: Trigger }[]
): Recorded | null {
	const { facts, until } = recording;
	if (run && program) {
		const { steps } = run;
		const first = messages.find(({ seq }) => seq === run.seq);
		return {
			run: { id: run.id, program, outcome: run.outcome, steps, calls: run.calls },
			started_at: recording.started_at,
			first: first ? inboundOf(first) : null,
			variables: run.variables,
			heard: messages
				.filter((message) => message !== first)
				.map((message) => ({ message: inboundOf(message), handled_at: handledAt(message, steps, told) })),
			until,
			facts
		};
	}
	const place = messages.findIndex((message) =>
		triggeredBy(triggers, {
			message: inboundOf(message),
			is_first: message.seq === 1,
			ad: adOf(message),
			open: facts.open[''] !== false
		})
	);
	const first = messages[place];
	if (run || !first) return null;
	return {
		run: null,
		started_at: first.received_at,
		first: inboundOf(first),
		variables: {},
		heard: messages
			.slice(place + 1)
			.map((message) => ({ message: inboundOf(message), handled_at: message.received_at })),
		until,
		facts
	};
}

/** When a run read a message: with the next step that it left, or when it only asked again. */
function handledAt(
	message: z.infer<typeof Message>,
	steps: readonly { at: number }[],
	told: Recording['told']
): number {
	const received = Math.floor(message.received_at);
	const step = steps.find(({ at }) => at >= received)?.at ?? Infinity;
	const answer = told.find(({ seq, at }) => seq > message.seq && at >= received)?.at ?? Infinity;
	const handled = Math.min(step, answer);
	return Number.isFinite(handled) ? handled : message.received_at;
}
