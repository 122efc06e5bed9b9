import { fold } from '../../text/fold.ts';
import { findPersonal } from '../masking/find.ts';

/** Something of a customer that is to be known in later conversations, and where they said it. */
export interface LearntFact {
	text: string;
	seq: number;
}

const MOST = 3;
const LONGEST = 200;
/** What was masked stays so: a fact that needs it is none. A name stands beside the facts already. */
const PLACEHOLDER = /\[[A-Z]{2,8}_\d/i;

/**
 * What is kept of the facts that a model names after a turn: three at most, in whole sentences, none that says who somebody
 * is or opens their money, and nothing where the customer has not written. Each with the message whose words it has most of.
 */
export function learntFacts(
	named: readonly string[],
	said: readonly { seq: number; author: string; text: string | null }[]
): LearntFact[] {
	const since = said.findLastIndex(({ author }) => author === 'company');
	const words = said.slice(since + 1).filter(({ text }) => text !== null && text.trim() !== '');
	const last = words.at(-1);
	if (!last) return [];
	const facts: LearntFact[] = [];
	for (const name of named.slice(0, MOST)) {
		const text = name.replace(/[\s\p{C}]+/gu, ' ').trim();
		if (text.length < 2 || text.length > LONGEST || PLACEHOLDER.test(text)) continue;
		if (findPersonal(text).length > 0) continue;
		const about = wordsOf(text);
		const shared = (one: { text: string | null }) =>
			[...wordsOf(one.text ?? '')].filter((word) => about.has(word)).length;
		const best = words.reduce((most, one) => (shared(one) >= shared(most) ? one : most), last);
		facts.push({ text, seq: shared(best) > 0 ? best.seq : last.seq });
	}
	return facts;
}

const wordsOf = (text: string): Set<string> =>
	new Set((text.match(/[\p{L}\p{N}]{3,}/gu) ?? []).map((word) => fold(word).slice(0, 6)));
