import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { ReceiptClient } from '../graph/receipts.ts';
import { EncryptedToken, readToken } from '../graph/token.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid(), typing: z.boolean().default(false) });

/** What `private.claim_receipt` gives. */
const Claim = z.object({
	channel_id: z.guid(),
	phone_number_id: z.string(),
	external_id: z.string(),
	seq: z.number().int(),
	typing: z.boolean(),
	token: EncryptedToken.nullable()
});

export interface ReceiptDeps {
	db: Database;
	receipts: Pick<ReceiptClient, 'markRead'>;
	keys: SecretKeys;
}

/** Codes by which Meta says that the token is no good (whatsapp.md, errors). No other refusal of a receipt says anything about the channel. */
const TOKEN_ERRORS = new Set([0, 190]);

/**
 * Tells a customer that their messages were read, and that somebody types. Runs again safely: it reads anew what is to
 * be told, and telling twice says nothing twice. What Meta refuses is not tried again.
 */
export const receiptSend = ({ db, receipts, keys }: ReceiptDeps) =>
	task(Payload, async ({ conversation_id, typing }, { logger }) => {
		const [row] = await answered(
			db<{ claim: unknown }[]>`select private.claim_receipt(${conversation_id}, ${typing}) as claim`
		);
		if (!row?.claim) return;
		const claim = Claim.parse(row.claim);
		const token = await readToken(keys, claim.channel_id, claim.token);
		// The next send finds the same, and holds the outbox with its reason.
		if (token === null) return;

		const answer = await receipts.markRead(claim.phone_number_id, token, claim.external_id, claim.typing);
		if (answer.type === 'unreached') throw new Error(`the receipt did not reach WhatsApp: ${answer.reason}`);
		if (answer.type === 'refused') {
			logger.warn(`receipt for conversation ${conversation_id}: ${JSON.stringify(answer.error)}`);
			if (TOKEN_ERRORS.has(answer.error.code)) {
				const error = JSON.stringify(answer.error);
				await answered(db`select private.hold_channel(${claim.channel_id}, ${error}::text::jsonb)`);
				return;
			}
		}
		await answered(db`select private.settle_receipt(${conversation_id}, ${claim.seq})`);
	});
