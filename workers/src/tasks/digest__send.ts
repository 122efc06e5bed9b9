import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { writeDigest } from '../mail/digest.ts';
import { waitAfter, type Mailer } from '../mail/smtp.ts';
import { task } from '../task.ts';

const Payload = z.object({ digest_mail_id: z.guid() });

/** What `private.claim_digest` gives. */
const Claim = z.object({
	id: z.guid(),
	to: z.string(),
	name: z.string(),
	locale: z.enum(['pt-BR', 'en']),
	zone: z.string(),
	workspace: z.string(),
	workspace_name: z.string(),
	token: z.guid(),
	created_at: z.string(),
	attempts: z.number().int(),
	items: z.array(
		z.object({
			type: z.string(),
			stage: z.enum(['due', 'warning']).nullable(),
			count: z.number().int(),
			at: z.string(),
			actor: z.string().nullable(),
			conversation_id: z.guid(),
			contact: z.string().nullable(),
			preview: z.string().nullable()
		})
	)
});

export interface DigestDeps {
	db: Database;
	/** Null where the installation has no mail server: then nothing is bundled and nothing sent. */
	mail: { mailer: Mailer; webUrl: string; unsubscribeUrl: string } | null;
}

/**
 * Hands a letter to the mail server. Runs again safely: one that was settled is gone; one that left before a crash leaves
 * again under the same Message-ID, for only the mail server knows whether it did.
 */
export const digestSend = ({ db, mail }: DigestDeps) =>
	task(Payload, async ({ digest_mail_id }, { logger }) => {
		if (mail === null) return;
		const [row] = await answered(db<{ letter: unknown }[]>`select private.claim_digest(${digest_mail_id}) as letter`);
		if (row?.letter == null) return;
		const claim = Claim.parse(row.letter);
		const stop = `${mail.unsubscribeUrl}?token=${claim.token}`;
		const outcome = await mail.mailer.send({
			...writeDigest(claim, mail.webUrl, stop),
			to: claim.to,
			messageId: `<digest-${claim.id}@${mail.mailer.host}>`,
			date: new Date(claim.created_at),
			unsubscribeUrl: stop
		});
		const problem = outcome.type === 'sent' ? null : outcome.problem;
		if (problem !== null) logger.warn(`digest ${claim.id} was not sent (${outcome.type}): ${problem}`);
		const retryAt = new Date(Date.now() + waitAfter(claim.attempts) * 1_000).toISOString();
		await answered(
			db`select private.settle_digest(${claim.id}, ${outcome.type}, ${problem}, ${outcome.type === 'later' ? retryAt : null})`
		);
	});

/** Bundles what waits for everybody whose time has come (crontab). Runs again safely: each thing is bundled once. */
export const digestsCompose = ({ db, mail }: DigestDeps) =>
	task(z.unknown(), async () => {
		if (mail === null) return;
		let looked = 1;
		while (looked > 0) {
			const [row] = await answered(db<{ looked: number }[]>`select private.compose_digests() as looked`);
			looked = row?.looked ?? 0;
		}
	});
