import { seedOf } from '@prosa/core/flows/chance.ts';
import type { Effect } from '@prosa/core/flows/effects.ts';
import type { FlowEvent } from '@prosa/core/flows/events.ts';
import { adOf, inboundOf } from '@prosa/core/flows/inbound.ts';
import type { Program } from '@prosa/core/flows/program.ts';
import { newState, type RunState, type Visit } from '@prosa/core/flows/state.ts';
import { accepts, step } from '@prosa/core/flows/step.ts';
import { triggeredBy } from '@prosa/core/flows/triggers.ts';
import type { Value } from '@prosa/core/flows/variables.ts';
import { randomUUID } from 'node:crypto';
import type { Beginning } from './programs.ts';
import type { Reading } from './reading.ts';

/** A run, as it is read or is to begin. */
export type Run = NonNullable<Reading['run']>;
/** Why a run ends whose version this worker can't read. */
export const UNREADABLE = 'flow_invalid';
/** An event without what stands around it. */
type Bare = FlowEvent extends infer One ? (One extends FlowEvent ? Omit<One, 'at' | 'seed' | 'facts'> : never) : never;

/** What a run comes to with all that has happened since it was last looked at. */
export interface Taken {
	state: RunState;
	effects: Effect[];
	visits: Visit[];
	cursor: number;
	at: number;
	/** Whether there may be more to do: what was written must be read first. */
	more: boolean;
}

/** Which message sets off which flow; null: none. The oldest one first. */
export function setOff({ triggers, messages, facts }: Reading): { trigger: string; seq: number } | null {
	for (const message of messages) {
		const arrival = {
			message: inboundOf(message),
			is_first: message.seq === 1,
			ad: adOf(message),
			open: facts.open[''] !== false
		};
		const found = triggeredBy(triggers, arrival);
		if (found) return { trigger: found.id, seq: message.seq };
	}
	return null;
}

/** A run that is to begin with a message. */
export const begun = ({ flow_id, pins }: Beginning, seq: number): Run => ({
	id: randomUUID(),
	flow_id,
	pins,
	state: null,
	revision: 0,
	cursor: seq,
	begins_with: { seq }
});

/** What has happened, as a run sees it that begins with the message of this seq. */
export const since = (reading: Reading, seq: number): Reading => ({
	...reading,
	first: reading.messages.find((message) => message.seq === seq) ?? null,
	messages: reading.messages.filter((message) => message.seq > seq)
});

/** What comes of a run whose version can't be read: it fails, and a person has the conversation. */
export const unreadable = (run: Run, at: number): Taken => ({
	state: { ...newState(run.flow_id), ended: { how: 'failed', code: UNREADABLE, node: '' } },
	effects: [],
	visits: [],
	cursor: run.cursor,
	at,
	more: false
});

/** Takes a run through what has happened, in its order. Null: nothing has. */
export function take(program: Program, run: Run, reading: Reading): Taken | null {
	const { at, facts, first, outcome, messages } = reading;
	const effects: Effect[] = [];
	const visits: Visit[] = [];
	let state = run.state ?? newState(run.flow_id);
	let { cursor } = run;
	let events = 0;
	let written = false;

	const happens = (event: Bare): void => {
		// The same run at the same place draws the same, however often its worker dies.
		const seed = seedOf(`${run.id}:${run.revision}:${events++}`);
		const next = step(program, state, { at, seed, facts, ...event } as FlowEvent);
		state = next.state;
		effects.push(...next.effects);
		visits.push(...next.visits);
		written ||= next.effects.some(({ type }) => type === 'act' || type === 'assign');
	};

	if (run.state === null) {
		const { variables } = run.begins_with;
		const given = typeof variables === 'object' && variables !== null ? (variables as Record<string, Value>) : {};
		happens({ type: 'start', message: first && inboundOf(first), variables: given });
	}
	if (outcome && !written) happens({ type: 'result', ...outcome });
	for (const message of messages) {
		if (written || !accepts(state, 'message')) break;
		happens({ type: 'message', message: inboundOf(message) });
		cursor = message.seq;
	}
	const { waiting } = state;
	if (!written && waiting && waiting.for !== 'effect' && waiting.until !== null && waiting.until <= at)
		happens({ type: 'timeout', token: waiting.token });

	if (events === 0) return null;
	const unread = messages.some(({ seq }) => seq > cursor);
	return {
		state,
		effects,
		visits,
		cursor,
		at,
		more: !state.ended && (written || messages.length >= 50) && (unread || written)
	};
}
