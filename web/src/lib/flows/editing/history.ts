/** How many changes can be taken back. */
export const DEPTH = 200;

/** What is now, what was, and what was taken back. Nothing in it changes: whoever holds one holds a moment. */
export interface History<State> {
	now: State;
	before: readonly State[];
	after: readonly State[];
	/** What the last change was about; the next about the same is one with it. */
	about: string | null;
}

export const begin = <State>(now: State): History<State> => ({ now, before: [], after: [], about: null });

/** A change. Those that follow each other `about` the same, such as the letters of a word, are taken back at once. */
export function change<State>(history: History<State>, now: State, about: string | null = null): History<State> {
	if (now === history.now) return history;
	if (about !== null && about === history.about) return { ...history, now, after: [] };
	return { now, before: [...history.before, history.now].slice(-DEPTH), after: [], about };
}

export function undo<State>(history: History<State>): History<State> {
	const last = history.before.at(-1);
	if (last === undefined) return history;
	return { now: last, before: history.before.slice(0, -1), after: [history.now, ...history.after], about: null };
}

export function redo<State>(history: History<State>): History<State> {
	const [next, ...after] = history.after;
	if (next === undefined) return history;
	return { now: next, before: [...history.before, history.now].slice(-DEPTH), after, about: null };
}
