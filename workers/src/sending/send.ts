import type { GraphClient } from '../graph/client.ts';
import { buildMessage, type OutgoingContent } from '@prosa/core/whatsapp/build.ts';
import { settle, type Outcome } from '../graph/outcome.ts';
import type { Claim } from './claim.ts';
import type { Departure } from './pacer.ts';
import { NotPrepared, prepareContent, type Uploader } from './prepare.ts';

/** A file of 100 MB has to be read from storage and handed to Meta meanwhile. */
const PREPARE_MS = 120_000;
/** Pauses before content that could not be made ready is tried again; after the last one it fails. */
const PREPARE_PAUSES_S = [5, 30, 120];

export interface Call {
	claim: Claim;
	/** The channel's access token, in the clear; null when there is none or our keys don't open it. */
	token: string | null;
	graph: Pick<GraphClient, 'sendMessage'>;
	/** Resolves when the message may leave; to null when it may not any more. */
	departure: () => Promise<Departure | null>;
	signal: AbortSignal;
	upload: Uploader | null;
}

/** Makes one message ready, waits for its turn and calls Meta. Never throws: whatever happens is an outcome. */
export async function send({ claim, token, graph, upload, departure, signal }: Call): Promise<Outcome> {
	const { to, recipient } = claim;
	if (!to && !recipient) return refusal('failed', 'no_address', 'The contact has no address on WhatsApp');
	if (token === null)
		return refusal('hold', 'token_unreadable', "The channel's access token is missing or can't be read");

	let content: OutgoingContent;
	try {
		content = await prepareContent(claim, {
			token,
			upload,
			signal: AbortSignal.any([signal, AbortSignal.timeout(PREPARE_MS)])
		});
	} catch (error) {
		if (signal.aborted) return NOT_CALLED;
		return error instanceof NotPrepared ? error.outcome : unprepared(error, claim.attempt);
	}

	// Every status webhook brings our id back, which settles a send whose answer was lost.
	const envelope = { to, recipient, target_external_id: claim.quoted_external_id, opaque: claim.message_id };
	const message = buildMessage(content, envelope);
	let granted = await departure();
	if (!granted) return NOT_CALLED;
	const mayLeave = async () => {
		while (granted && !granted()) granted = await departure();
		return granted !== null;
	};
	const answer = await graph.sendMessage(claim.phone_number_id, token, message, mayLeave);
	return answer.type === 'withheld' ? NOT_CALLED : settle(answer, claim.attempt);
}

/** The worker stops, or the channel was paused meanwhile: back to where it was. */
const NOT_CALLED: Outcome = {
	result: 'hold',
	not_called: true,
	error: { code: 'not_called', title: 'The message was not sent yet', details: null }
};

function refusal(result: 'failed' | 'hold', code: string, title: string): Outcome {
	return { result, error: { code, title, details: null } };
}

function unprepared(error: unknown, tries: number): Outcome {
	const details = error instanceof Error ? error.message : String(error);
	const reason = { code: 'not_prepared', title: 'The message could not be made ready to be sent', details };
	const after_seconds = PREPARE_PAUSES_S[tries - 1];
	return after_seconds === undefined
		? { result: 'failed', error: reason }
		: { result: 'retry', error: reason, after_seconds };
}
