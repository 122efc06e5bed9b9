import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Database } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import type { Person } from './people.ts';

let phones = 0;

/** A new customer writes to the bakery. Gives the conversation's id; `phone` is theirs. */
export async function customerWrites(database: Database, text = 'Bom dia!'): Promise<{ id: string; phone: string }> {
	const phone = `55118${String(++phones).padStart(8, '0')}`;
	// Whole seconds, as the provider's clock has them.
	const sent_at = `${new Date().toISOString().slice(0, 19)}Z`;
	await receive(database.door, [delivery([textFrom(phone, text, { sent_at })])]);
	const [row] = await database.owner<{ id: string }[]>`
		select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
	if (!row) throw new Error('the conversation was not opened');
	return { id: row.id, phone };
}

export interface SentMessage {
	id: string;
	seq: string;
	status: string;
	kind: string;
	body: string;
	content: Record<string, unknown>;
	media: Record<string, unknown> | null;
	error: unknown;
	client_id: string;
	target_external_id: string | null;
	quoted_message_id: string | null;
}

/** A person writes an answer. Gives the message's row. */
export async function answer(
	database: Database,
	person: Person,
	conversationId: string,
	text = 'Bom dia! O que vai ser?',
	{ clientId = randomUUID(), quoted = null as string | null } = {}
): Promise<SentMessage> {
	return send(database, person, conversationId, { kind: 'text', text }, { clientId, quoted });
}

/** A person sends a message of any kind. Gives the message's row. */
export async function send(
	database: Database,
	person: Person,
	conversationId: string,
	content: unknown,
	{ clientId = randomUUID(), quoted = null as string | null } = {}
): Promise<SentMessage> {
	const [row] = await database.as(
		person,
		(sql) => sql<SentMessage[]>`
			select * from public.send_message(${conversationId}, ${clientId}, ${JSON.stringify(content)}::text::jsonb, ${quoted})`
	);
	if (!row) throw new Error('send_message gave no row');
	return row;
}

/** The code and HTTP status that `work` is refused with: `403 not_allowed`. Fails where it is not refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (error) {
		if (error instanceof postgres.PostgresError) return `${error.code.replace('PT', '')} ${error.message}`;
		throw error;
	}
	return 'not refused';
}

/** The detail of that refusal: which fault content has, why a template may not go. */
export async function refusalDetail(work: Promise<unknown>): Promise<string | undefined> {
	try {
		await work;
	} catch (error) {
		if (error instanceof postgres.PostgresError) return error.detail;
		throw error;
	}
	return 'not refused';
}

/** What the worker is given to send. */
export interface Claim {
	attempt_id: string;
	conversation_id: string;
	/** Which try of this message it is; 1 is the first. */
	attempt: number;
	message_id: string;
	seq: number;
	content: { text: string };
	to: string | null;
	recipient: string | null;
	phone_number_id: string;
	quoted_external_id: string | null;
	token: { key_id: string; nonce: string; ciphertext: string } | null;
}

/** What the worker is told of a conversation's shard; null when the channel holds it. */
async function drain(database: Database, conversationId: string): Promise<Claim[]> {
	const drainId = randomUUID();
	const [row] = await database.owner<{ channel_id: string; shard: number }[]>`
		select channel_id, shard from private.outbox where conversation_id = ${conversationId}`;
	if (!row) return [];
	const [answer] = await database.worker<{ turn: { claims: Claim[] } & Claim }[]>`
		select private.claim_sends(${row.channel_id}, ${row.shard}, ${drainId}, 1000) as turn
		from private.begin_drain(${row.channel_id}, ${row.shard}, ${drainId})`;
	const { claims = [], phone_number_id = '', token = null } = answer?.turn ?? {};
	const others = claims.filter(({ conversation_id }) => conversation_id !== conversationId);
	for (const { attempt_id, conversation_id } of others) {
		await settle(database, { attempt_id, conversation_id }, { result: 'hold', not_called: true });
	}
	return claims
		.filter(({ conversation_id }) => conversation_id === conversationId)
		.map((claim) => ({ ...claim, phone_number_id, token }));
}

/**
 * A worker begins to drain the shard of a conversation and takes the conversation's next message; null when nothing may go
 * there. What an earlier one has taken and not settled is then of unknown outcome.
 */
export async function claim(database: Database, conversationId: string): Promise<Claim | null> {
	const [first] = await drain(database, conversationId);
	return first ?? null;
}

export async function settle(
	database: Database,
	claim: { attempt_id: string; conversation_id: string } | null,
	outcome: object
): Promise<void> {
	await database.worker`select private.settle_sends(${JSON.stringify([{ ...claim, ...outcome }])}::text::jsonb)`;
}

/** Whatever waits in a conversation for a pause to end may go now. */
export async function endPause(database: Database, conversationId: string): Promise<void> {
	await database.owner`update private.outbox set due_at = now() where conversation_id = ${conversationId}`;
	await database.owner`update private.sending_limits set paused_until = now()`;
}

/** A message's status and error as they stand. */
export async function messageNow(
	database: Database,
	id: string
): Promise<SentMessage & { external_id: string | null }> {
	const [row] = await database.owner<(SentMessage & { external_id: string | null })[]>`
		select * from public.messages where id = ${id}`;
	if (!row) throw new Error(`no message ${id}`);
	return row;
}
