import type { Outcome } from '../events.ts';
import type { Node } from '../nodes.ts';
import { sgpSample } from '../sgp_samples.ts';
import { SGP_WAYS } from '../sgp.ts';

/** How machines answer that nobody asked in life. */
export const GUESSES = ['works', 'fails'] as const;
export type Guess = (typeof GUESSES)[number];

/** What a machine that was never asked is taken to answer: nothing in particular, or that it can't. */
export function imagined(node: Node, guess: Guess): Outcome {
	if (guess === 'fails') return { ok: false, code: 'not_recorded' };
	if (node.type === 'sgp') return sgpSample(node.ask, Object.keys(SGP_WAYS[node.ask])[0] ?? '');
	return { ok: true, body: null, text: '' };
}
