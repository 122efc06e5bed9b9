import type { OutgoingContent } from '@prosa/core/whatsapp/build.ts';
import type { Outcome } from '../graph/outcome.ts';
import type { Claim } from './claim.ts';

/** What content may need before it can be sent. */
export interface PrepareDeps {
	/** The channel's access token, in the clear. */
	token: string;
	/** Aborts when the worker stops or the time for preparing is over. */
	signal: AbortSignal;
}

/** Thrown where content can't be made ready: nothing has been sent, and this is what becomes of the message. */
export class NotPrepared extends Error {
	override name = 'NotPrepared';
	readonly outcome: Extract<Outcome, { result: 'failed' | 'retry' }>;
	constructor(outcome: NotPrepared['outcome']) {
		super(outcome.error.title);
		this.outcome = outcome;
	}
}

/**
 * The content of a message as `buildMessage` takes it, made from what is stored. Safe to repeat: it runs before the
 * call to Meta, once a try.
 */
export async function prepareContent(claim: Claim, _deps: PrepareDeps): Promise<OutgoingContent> {
	return { ...claim.content, kind: claim.kind } as OutgoingContent;
}
