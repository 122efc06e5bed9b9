import type { ReplayEnding } from '@prosa/core/flows/replay/replay.ts';
import type { Guess } from '@prosa/core/flows/replay/imagined.ts';
import { m } from '#lib/paraglide/messages.js';

/** How conversations came out. */
export const endings: Record<ReplayEnding | 'answered', () => string> = {
	answered: m.bot_replay_answered,
	completed: m.bot_replay_completed,
	handed_over: m.bot_replay_handed_over,
	failed: m.bot_replay_ended_badly,
	left: m.bot_replay_left,
	unknown: m.bot_replay_unknown
};

/** The same of one conversation. */
export const ending: Record<ReplayEnding, () => string> = {
	completed: m.bot_replay_one_completed,
	handed_over: m.bot_replay_one_handed_over,
	failed: m.bot_replay_ended_badly,
	left: m.bot_replay_one_left,
	unknown: m.bot_replay_unknown
};

export const guesses: Record<Guess, () => string> = {
	works: m.bot_replay_guess_works,
	fails: m.bot_replay_guess_fails
};
