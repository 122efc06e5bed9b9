import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { PushClient } from '../push/client.ts';
import { isPushService } from '../push/services.ts';
import { payloadOf } from '../push/words.ts';
import { task } from '../task.ts';

const Payload = z.object({ tenant_id: z.guid(), user_id: z.guid(), conversation_id: z.guid().nullable() });

/** What `private.claim_pushes` gives, one a device. */
const Claim = z.object({
	id: z.number().int(),
	type: z.string(),
	stage: z.enum(['due', 'warning']).nullable(),
	attempts: z.number().int(),
	conversation_id: z.guid().nullable(),
	workspace: z.string(),
	workspace_name: z.string(),
	locale: z.enum(['pt-BR', 'en']),
	contact: z.string().nullable(),
	preview: z.string().nullable(),
	endpoint: z.string(),
	p256dh: z.string(),
	auth: z.string()
});

export interface PushDeps {
	db: Database;
	/** Null where the installation has no keys: then nothing is pushed. */
	push: PushClient | null;
	/** Push services besides the known ones, by origin. */
	pushServices: readonly string[];
}

/**
 * Pushes what happened in one conversation to a person's devices. Runs again safely: a push that was settled is gone;
 * one that left before a crash replaces itself on the device, for it carries the conversation's tag.
 */
export const pushSend = ({ db, push, pushServices }: PushDeps) =>
	task(Payload, async ({ tenant_id, user_id, conversation_id }, { logger }) => {
		if (push === null) return;
		const [row] = await answered(
			db<{ pushes: unknown }[]>`select private.claim_pushes(${tenant_id}, ${user_id}, ${conversation_id}) as pushes`
		);
		const claims = z.array(Claim).parse(row?.pushes ?? []);
		await Promise.all(
			claims.map(async (claim) => {
				const outcome = isPushService(claim.endpoint, pushServices)
					? await push.send(claim, payloadOf(claim), claim.attempts)
					: ({ type: 'gone' } as const);
				if (outcome.type === 'refused') logger.warn(`push ${claim.id} was refused with ${outcome.status}`);
				const retryAt = outcome.type === 'later' ? new Date(Date.now() + outcome.seconds * 1_000).toISOString() : null;
				await answered(db`select private.settle_push(${claim.id}, ${outcome.type}, ${retryAt})`);
			})
		);
	});
