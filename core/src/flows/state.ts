import type { Value } from './variables.ts';

/** Where a flow stands in the flow that called it. */
export interface Frame {
	flow: string;
	node: string;
	/** The variables of that flow: those of the called one are its own. */
	variables: Record<string, Value>;
}

/** What a run waits for. `token` tells a late time-out from the one that is waited for. */
export type Waiting =
	| { for: 'answer'; node: string; token: number; tries: number; until: number | null; asked_at: number }
	| { for: 'time'; node: string; token: number; until: number; interrupt: boolean }
	| { for: 'effect'; node: string; token: number; effect: number };

export type Ending =
	| { how: 'completed' | 'handed_over' }
	/** It could not go on; a person must. */
	| { how: 'failed'; code: string; node: string };

/** All that a run knows. JSON: it is one column of its row. */
export interface RunState {
	flow: string;
	variables: Record<string, Value>;
	stack: Frame[];
	waiting: Waiting | null;
	ended: Ending | null;
	/** Counters of nodes run through, of effects and of waits. */
	steps: number;
	effects: number;
	tokens: number;
	/** Nodes since the customer last said something. */
	unanswered: number;
	/** What the customer said last: `{{message.text}}`. */
	message: { text: string; kind: string };
}

/** A run that has not begun. */
export function newState(flow: string): RunState {
	return {
		flow,
		variables: {},
		stack: [],
		waiting: null,
		ended: null,
		steps: 0,
		effects: 0,
		tokens: 0,
		unanswered: 0,
		message: { text: '', kind: '' }
	};
}

/** One node that was run through, and by which way it was left; null: it waits there, or ends. */
export interface Visit {
	step: number;
	flow: string;
	node: string;
	branch: string | null;
	/** What went wrong there, and the flow went on. */
	fault?: string;
}
