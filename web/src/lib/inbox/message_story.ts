import type { Client } from '#lib/auth/client.ts';
import type { Message } from '../database.ts';

export interface Happening {
	type: string;
	occurred_at: string;
	/** The words a version had. */
	body: string | null;
}

export interface MessageStory {
	events: Happening[];
	/** What it said before and after each change, oldest first. */
	versions: Happening[];
	attempts: { id: string; started_at: string; result: string | null }[];
	charge: { amount: number | null; currency: string; category: string } | null;
}

const versionTypes = new Set(['original', 'edited', 'revoked', 'note_edited', 'note_deleted']);

/** All that is known of one message beside itself. `withCost` where one may read costs. */
export async function messageStory(
	client: Client,
	{ tenant_id, id, created_at }: Message,
	withCost: boolean
): Promise<MessageStory> {
	const [events, attempts, charge] = await Promise.all([
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
			.select('id, started_at, result')
			.eq('tenant_id', tenant_id)
			.eq('message_id', id)
			.eq('message_created_at', created_at)
			.order('started_at')
			.throwOnError(),
		withCost
			? client
					.from('charges')
					.select('amount, currency, category')
					.eq('tenant_id', tenant_id)
					.eq('message_id', id)
					.maybeSingle()
					.throwOnError()
			: { data: null }
	]);
	const told = events.data.map(({ type, occurred_at, detail }) => ({ type, occurred_at, body: bodyOf(detail) }));
	return {
		events: told.filter(({ type }) => !versionTypes.has(type)),
		versions: told.filter(({ type, body }) => versionTypes.has(type) && (type !== 'revoked' || body !== null)),
		attempts: attempts.data,
		charge: charge.data
	};
}

function bodyOf(detail: unknown): string | null {
	if (typeof detail !== 'object' || detail === null) return null;
	// A note keeps what it said before under `text`.
	const body = 'body' in detail ? detail.body : 'text' in detail ? detail.text : null;
	return typeof body === 'string' ? body : null;
}

/** Each step once, when it was first told, in the order of what a message goes through. */
export function stepsOf(events: Happening[]): Happening[] {
	const order = ['sent', 'delivered', 'read', 'played', 'failed'];
	const first = new Map<string, Happening>();
	for (const event of events) if (!first.has(event.type)) first.set(event.type, event);
	const place = ({ type }: Happening) => (order.includes(type) ? order.indexOf(type) : order.length);
	return [...first.values()].sort((a, b) => place(a) - place(b));
}
