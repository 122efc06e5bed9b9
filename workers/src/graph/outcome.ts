import { graphRule } from '@prosa/core/whatsapp/graph_errors.ts';
import type { SendAnswer } from './client.ts';

export interface SendError {
	/** Meta's number, or a word of ours: `unreachable`, `outcome_unknown`, `no_address`, … */
	code: number | string;
	title: string;
	details: string | null;
}

/** What `private.settle_send` is told. */
export type Outcome =
	| { result: 'accepted'; external_id: string }
	| { result: 'failed' | 'hold' | 'unknown'; error: SendError }
	| { result: 'retry'; error: SendError; after_seconds: number };

const FIRST_PAUSE_S = 2;
const LONGEST_PAUSE_S = 300;

/**
 * What becomes of a message after the answer to its `tries`-th call (1 is the first). Meta's error table decides about
 * refusals; what never left is tried until it does; what may have arrived is never repeated.
 */
export function settle(answer: SendAnswer, tries: number): Outcome {
	switch (answer.type) {
		case 'accepted':
			return { result: 'accepted', external_id: answer.external_id };
		case 'refused': {
			const { action, after_seconds } = graphRule(answer.error.code, answer.status);
			if (action === 'hold') return { result: 'hold', error: answer.error };
			const pause = after_seconds(tries);
			const again = (action === 'retry' || action === 'slow' || action === 'pair') && pause !== null;
			if (!again) return { result: 'failed', error: answer.error };
			return { result: 'retry', error: answer.error, after_seconds: pause };
		}
		case 'unreached':
			return {
				result: 'retry',
				error: { code: 'unreachable', title: 'WhatsApp could not be reached', details: answer.reason },
				after_seconds: Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (Math.max(1, tries) - 1))
			};
		case 'lost':
			return {
				result: 'unknown',
				error: { code: 'outcome_unknown', title: 'No answer came', details: answer.reason }
			};
	}
}
