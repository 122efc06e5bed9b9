import type { Action } from '@prosa/core/actions/actions.ts';
import type { Lacking } from '#lib/attributes/required.ts';

/** What is done: a list of actions, or a macro by its id. */
export type Deed = { actions: Action[] } | { macro: string };

/** What was begun and cannot go on before somebody says what closing needs. */
export interface Asking {
	deed: Deed;
	groups: Lacking[];
	/** Called when all of it is done. */
	ondone?: () => void;
}

/** A macro that somebody is about to run on many, and looks at first. */
export interface Waiting {
	macro: string;
	ids: readonly string[];
	ondone?: () => void;
}

/** The actions that write down what was answered, for those that lack it. */
export const fillingIn = (
	{ missing }: Lacking,
	values: Readonly<Record<string, string | number | boolean>>
): Action[] =>
	missing.flatMap(({ key }): Action[] => {
		const value = values[key];
		return value === undefined ? [] : [{ type: 'set_conversation_attribute', key, value }];
	});
