import type { Client } from '#lib/auth/client.ts';
import type { Message, SendError } from '../database.ts';
import { compareInstants } from '../time/instant.ts';

export interface Happening {
	type: string;
	occurred_at: string;
	/** The words a version had. */
	body: string | null;
}

export interface Attempt {
	id: string;
	started_at: string;
	finished_at: string | null;
	result: string | null;
	error: SendError | null;
}

export interface Charge {
	amount: number | null;
	currency: string;
	category: string;
	country: string | null;
	free_reason: string | null;
	/** Null: not delivered, so nothing is owed yet. */
	delivered_at: string | null;
}

export interface MessageStory {
	events: Happening[];
	/** What it said before and after each change, oldest first. */
	versions: Happening[];
	/** Each call to the provider, oldest first, with what it answered where it refused. */
	attempts: Attempt[];
	charge: Charge | null;
	/** When it was written, and for when, where it was sent at a time. */
	scheduled: { author_id: string; created_at: string; send_at: string } | null;
}

const versionTypes = new Set(['original', 'edited', 'revoked', 'note_edited', 'note_deleted']);

/** All that is known of one message beside itself. `withCost` where one may read costs. */
export async function messageStory(
	client: Client,
	{ tenant_id, id, created_at, client_id, conversation_id, direction, is_private }: Message,
	withCost: boolean
): Promise<MessageStory> {
	const sent = direction === 'out' && !is_private;
	const [events, attempts, charge, scheduled] = await Promise.all([
		client
			.from('message_events')
			.select('type, occurred_at, detail')
			.eq('tenant_id', tenant_id)
			.eq('message_id', id)
			.eq('message_created_at', created_at)
			.order('occurred_at')
			.throwOnError(),
		client
			.from('message_attempts')
			.select('id, started_at, finished_at, result, error')
			.eq('tenant_id', tenant_id)
			.eq('message_id', id)
			.eq('message_created_at', created_at)
			.order('started_at')
			.throwOnError(),
		withCost && sent
			? client
					.from('charges')
					.select('amount, currency, category, country, free_reason, delivered_at')
					.eq('tenant_id', tenant_id)
					.eq('message_id', id)
					.maybeSingle()
					.throwOnError()
			: { data: null },
		sent && client_id !== null
			? client
					.from('scheduled_messages')
					.select('author_id, created_at, send_at')
					.eq('tenant_id', tenant_id)
					.eq('conversation_id', conversation_id)
					.eq('client_id', client_id)
					.maybeSingle()
					.throwOnError()
			: { data: null }
	]);
	const told = events.data.map(({ type, occurred_at, detail }) => ({ type, occurred_at, body: bodyOf(detail) }));
	return {
		events: told.filter(({ type }) => !versionTypes.has(type)),
		versions: told.filter(({ type, body }) => versionTypes.has(type) && (type !== 'revoked' || body !== null)),
		attempts: attempts.data as Attempt[],
		charge: charge.data,
		scheduled: scheduled.data
	};
}

function bodyOf(detail: unknown): string | null {
	if (typeof detail !== 'object' || detail === null) return null;
	// A note keeps what it said before under `text`.
	const body = 'body' in detail ? detail.body : 'text' in detail ? detail.text : null;
	return typeof body === 'string' ? body : null;
}

/**
 * What a message went through, as it happened: each step when it was first told, and again after a failure, for then it was
 * sent once more. The provider counts whole seconds: of two in one, the earlier step comes first.
 */
export function stepsOf(events: Happening[]): Happening[] {
	const order = ['sent', 'delivered', 'read', 'played', 'failed'];
	const place = ({ type }: Happening) => (order.includes(type) ? order.indexOf(type) : order.length);
	const steps: Happening[] = [];
	let told = new Set<string>();
	for (const event of events.toSorted((a, b) => compareInstants(a.occurred_at, b.occurred_at) || place(a) - place(b))) {
		if (told.has(event.type)) continue;
		if (event.type === 'failed') told = new Set();
		told.add(event.type);
		steps.push(event);
	}
	return steps;
}
