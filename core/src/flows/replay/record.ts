import type { Facts, Outcome } from '../events.ts';
import type { Inbound } from '../answers/read.ts';
import type { Program } from '../program.ts';
import type { Value } from '../variables.ts';

/** How a run ended in life; `private.end_flow` writes them. */
export const RUN_OUTCOMES = ['completed', 'handed_over', 'failed', 'taken_over', 'stopped', 'closed'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** A node that a run came through, as `public.flow_steps` keeps it. */
export interface RecordedStep {
	flow: string;
	node: string;
	branch: string | null;
	/** When the step was thought out; milliseconds since the epoch. */
	at: number;
}

/** What the customer said, and when the run read it. */
export interface Heard {
	message: Inbound;
	handled_at: number;
}

/** What is known of a conversation that a bot had, or a person. */
export interface RecordedRun {
	id: string;
	/** What it ran by. */
	program: Program;
	outcome: RunOutcome;
	/** Oldest first. */
	steps: readonly RecordedStep[];
	/** What machines answered, in the order in which they were asked; null: they never did. */
	calls: readonly (Outcome | null)[];
}

export interface Recorded {
	/** Null: a person had the conversation from its first word. */
	run: RecordedRun | null;
	started_at: number;
	/** What it began with. */
	first: Inbound | null;
	variables: Record<string, Value>;
	/** All that the customer said behind that, until a person spoke. */
	heard: readonly Heard[];
	/** Until when nobody but the bot had it. */
	until: number;
	/** As they are today, with the doors as they stood when it began. */
	facts: Facts;
}
