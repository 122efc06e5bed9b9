import { z } from 'zod';
import { EncryptedToken } from '../graph/token.ts';

/** One message to send: all that its call needs but the token. */
const Message = z.object({
	attempt_id: z.guid(),
	/** Which try of this message it is; 1 is the first. */
	attempt: z.number().int().min(1),
	tenant_id: z.guid(),
	conversation_id: z.guid(),
	contact_id: z.guid(),
	message_id: z.guid(),
	/** 0: somebody waits for it. 1: bulk. */
	lane: z.number().int().min(0).max(1),
	kind: z.string(),
	/** As `public.send_message` stored it. */
	content: z.record(z.string(), z.unknown()),
	/** Where its file stands in storage: core/src/media/media.ts. */
	media: z.record(z.string(), z.unknown()).nullable(),
	/** The message it quotes; for a reaction, the one it is for. */
	quoted_external_id: z.string().nullable(),
	/** A phone number, or */
	to: z.string().nullable(),
	/** a business-scoped user id. */
	recipient: z.string().nullable()
});

export type Claim = z.infer<typeof Message> & { channel_id: string; phone_number_id: string };

/** What `private.turn_outbox` gives. */
const Answer = z.object({
	/** Nothing may be taken: the channel needs attention or is gone, or another job drains the shard. */
	stop: z.boolean().default(false),
	claims: z.array(z.unknown()),
	channel_id: z.guid().optional(),
	phone_number_id: z.string().optional(),
	/** Null: no limit. */
	messages_per_second: z.number().int().positive().nullish(),
	/** Milliseconds until there is something to ask for; null when nothing waits. */
	next_ms: z.number().nullish(),
	token: EncryptedToken.nullish(),
	/** Attempts that could not be settled at this moment: tell them again. */
	busy: z.array(z.guid())
});

export interface Turn extends Omit<z.infer<typeof Answer>, 'claims'> {
	claims: Claim[];
	/** Messages of a newer version than this worker, in the middle of an upgrade. */
	unreadable: { attempt_id: string; conversation_id: string }[];
}

const Unreadable = z.object({ attempt_id: z.guid(), conversation_id: z.guid() });

export function readTurn(answer: unknown): Turn {
	const turn = Answer.parse(answer);
	const { channel_id = '', phone_number_id = '' } = turn;
	const claims: Claim[] = [];
	const unreadable: Turn['unreadable'] = [];
	for (const claim of turn.claims) {
		const { data } = Message.safeParse(claim);
		if (data) claims.push({ ...data, channel_id, phone_number_id });
		else unreadable.push(Unreadable.parse(claim));
	}
	return { ...turn, claims, unreadable };
}
