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

/** The worker takes the next message of a conversation; null when nothing waits. */
export async function claim(database: Database, conversationId: string): Promise<Claim | null> {
	const [row] = await database.worker<{ claim: Claim | null }[]>`select private.claim_send(${conversationId}) as claim`;
	return row?.claim ?? null;
}

export async function settle(database: Database, attemptId: string, outcome: object): Promise<void> {
	await database.worker`select private.settle_send(${attemptId}, ${JSON.stringify(outcome)}::text::jsonb)`;
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
