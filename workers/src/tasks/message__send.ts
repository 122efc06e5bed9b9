import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { Outcome } from '../graph/outcome.ts';
import type { Metrics } from '../metrics.ts';
import { Claim } from '../sending/claim.ts';
import { send, type CallDeps } from '../sending/send.ts';
import { task } from '../task.ts';

// Not z.uuid(): Postgres takes ids that RFC 9562 would not.
const Payload = z.object({ conversation_id: z.guid() });

export interface SendDeps extends CallDeps {
	db: Database;
	metrics: Pick<Metrics, 'sends' | 'sendSeconds'>;
}

/**
 * Sends what waits in one conversation, oldest first. Runs again safely: an attempt is written before each call, so a
 * message whose call may have been made is never called for again.
 */
export const messageSend = ({ db, graph, keys, metrics }: SendDeps) =>
	task(Payload, async ({ conversation_id }, { abortSignal, logger }) => {
		for (;;) {
			// Asked to leave between two messages: throwing gives the job back to the queue.
			if (abortSignal.aborted) throw new Error('the worker is stopping');

			const claimed = await claimNext(db, conversation_id);
			if (!claimed) return;

			const end = metrics.sendSeconds.startTimer();
			const outcome = claimed.claim ? await send(claimed.claim, { graph, keys }, abortSignal) : UNREADABLE;
			end();
			metrics.sends.inc({ result: outcome.result });
			await record(db, claimed.attempt_id, outcome);

			if (outcome.result === 'accepted') continue;
			logger.warn(`attempt ${claimed.attempt_id}: ${outcome.result} ${JSON.stringify(outcome.error)}`);
			// The rest waits behind this one: a retry has a job of its own, a channel that is well again makes one.
			if (outcome.result === 'retry' || outcome.result === 'hold') return;
		}
	});

/** A message of a newer version than this worker, in the middle of an upgrade: the new one will send it. */
const UNREADABLE: Outcome = {
	result: 'retry',
	error: { code: 'claim_unreadable', title: 'This worker does not know how to send it', details: null },
	after_seconds: 60
};

async function claimNext(db: Database, conversationId: string) {
	const [row] = await answered(db<{ claim: unknown }[]>`select private.claim_send(${conversationId}) as claim`);
	if (!row?.claim) return null;
	const { attempt_id } = z.object({ attempt_id: z.guid() }).parse(row.claim);
	return { attempt_id, claim: Claim.safeParse(row.claim).data };
}

const RECORD_PAUSES_MS = [100, 400, 1_500, 5_000];

/** Writes down what came of an attempt. Once Meta has answered, that knowledge is worth some patience with the database. */
async function record(db: Database, attemptId: string, outcome: Outcome): Promise<void> {
	for (const pause of [...RECORD_PAUSES_MS, null]) {
		try {
			await answered(db`select private.settle_send(${attemptId}, ${JSON.stringify(outcome)}::text::jsonb)`);
			return;
		} catch (error) {
			if (pause === null) throw error;
			await wait(pause);
		}
	}
}
