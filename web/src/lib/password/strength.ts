import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as portuguese } from '@zxcvbn-ts/language-pt-br';

/** Half a megabyte of words: import this file when somebody begins to write a password, never before. */
const zxcvbn = new ZxcvbnFactory({ dictionary: { ...common, ...portuguese }, graphs: adjacencyGraphs });

/** What makes a password easy to guess, in our words for zxcvbn's. */
const faults = {
	topTen: 'common',
	topHundred: 'common',
	common: 'common',
	similarToCommon: 'common',
	pwned: 'common',
	wordByItself: 'word',
	namesByThemselves: 'word',
	commonNames: 'word',
	straightRow: 'pattern',
	keyPattern: 'pattern',
	simpleRepeat: 'pattern',
	extendedRepeat: 'pattern',
	sequences: 'pattern',
	recentYears: 'date',
	dates: 'date',
	userInputs: 'own'
} as const;

export type Fault = (typeof faults)[keyof typeof faults];

export interface Strength {
	/** From 0, guessed at once, to 4. */
	score: number;
	/** The first thing that is wrong with it, where something is. */
	fault: Fault | null;
}

const isKnown = (warning: string): warning is keyof typeof faults => Object.hasOwn(faults, warning);

/** How hard a password is to guess for somebody who knows `known`: the person's name, address and company. */
export function strengthOf(password: string, known: readonly string[]): Strength {
	const parts = known.flatMap((text) => [text, ...text.split(/[\s@.]+/)]).filter((text) => text.length > 2);
	// No further: guessing is quadratic, and what these letters don't make strong is a repetition.
	const { score, feedback } = zxcvbn.check(password.slice(0, 40), parts);
	const { warning } = feedback;
	return { score, fault: score < 3 && warning !== null && isKnown(warning) ? faults[warning] : null };
}
