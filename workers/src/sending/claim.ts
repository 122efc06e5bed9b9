import { z } from 'zod';
import { EncryptedToken } from '../graph/token.ts';

/** What the database gives to send one message: all that the call needs. */
export const Claim = z.object({
	attempt_id: z.guid(),
	/** Which try of this message it is; 1 is the first. */
	attempt: z.number().int().min(1).default(1),
	tenant_id: z.guid(),
	message_id: z.guid(),
	channel_id: z.guid(),
	kind: z.string(),
	/** As `public.send_message` stored it. */
	content: z.record(z.string(), z.unknown()),
	/** Where its file stands in storage: core/src/media/media.ts. */
	media: z.record(z.string(), z.unknown()).nullable().default(null),
	/** The message it quotes; for a reaction, the one it is for. */
	quoted_external_id: z.string().nullable(),
	phone_number_id: z.string(),
	/** A phone number, or */
	to: z.string().nullable(),
	/** a business-scoped user id. */
	recipient: z.string().nullable(),
	token: EncryptedToken.nullable()
});

export type Claim = z.infer<typeof Claim>;
