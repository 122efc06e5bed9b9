import { graphRule } from '@prosa/core/whatsapp/graph_errors.ts';
import type { SendAnswer } from './client.ts';

export interface SendError {
	/** Meta's number, or a word of ours: `unreachable`, `outcome_unknown`, `no_address`, … */
	code: number | string;
	title: string;
	details: string | null;
}

/** What `private.settle_sends` is told. */
export type Outcome = { not_called?: true } & (
	| { result: 'accepted'; external_id: string }
	| { result: 'failed' | 'hold' | 'unknown'; error: SendError }
	/** `pause_seconds`: the whole channel waits for so long, and this message keeps its place in it. */
	| { result: 'retry'; error: SendError; after_seconds: number; pause_seconds?: number }
);

const FIRST_PAUSE_S = 2;
const LONGEST_PAUSE_S = 300;
/** While Meta can't be reached, it is looked for at least this often. */
const AWAY_S = 15;

/**
 * What becomes of a message after the answer to its `tries`-th call (1 is the first). Meta's error table decides about
 * refusals; what never left is tried until it does; what may have arrived is never repeated.
 */
export function settle(answer: Exclude<SendAnswer, { type: 'withheld' }>, tries: number): Outcome {
	switch (answer.type) {
		case 'accepted':
			return { result: 'accepted', external_id: answer.external_id };
		case 'refused': {
			const { action, after_seconds } = graphRule(answer.error.code, answer.status);
			if (action === 'hold') return { result: 'hold', error: answer.error };
			const pause = after_seconds(tries);
			const again = (action === 'retry' || action === 'slow' || action === 'pair') && pause !== null;
			if (!again) return { result: 'failed', error: answer.error };
			return {
				result: 'retry',
				error: answer.error,
				after_seconds: pause,
				...(action === 'slow' ? { pause_seconds: pause } : {})
			};
		}
		case 'unreached': {
			const error = { code: 'unreachable', title: 'WhatsApp could not be reached', details: answer.reason };
			const pause = FIRST_PAUSE_S * 2 ** (Math.max(1, tries) - 1);
			// Nobody is there: that is so for every message of the channel. A proxy that turned this one away may take others.
			return answer.nobody
				? { result: 'retry', error, after_seconds: 0, pause_seconds: Math.min(AWAY_S, pause / 2) }
				: { result: 'retry', error, after_seconds: Math.min(LONGEST_PAUSE_S, pause) };
		}
		case 'lost':
			return {
				result: 'unknown',
				error: { code: 'outcome_unknown', title: 'No answer came', details: answer.reason }
			};
	}
}
