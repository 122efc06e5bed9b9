import type { Client } from '#lib/auth/client.ts';
import type { Database } from '#lib/database.ts';

type Functions = Database['public']['Functions'];

export type WebhookRow = Functions['list_webhook_events']['Returns'][number];
export type WebhookEvent = Database['public']['Tables']['webhook_events']['Row'];
export type Replay = Database['public']['Tables']['webhook_replays']['Row'];

export const PAGE = 50;

/** A page of bodies, newest first, from after `last`. Throws what the database refuses. */
export async function listWebhooks(client: Client, filter: Query, last: WebhookRow | null): Promise<WebhookRow[]> {
	const { data, error } = await client.rpc('list_webhook_events', {
		...filter,
		page: PAGE,
		...(last ? { before_at: last.received_at, before_id: last.id } : {})
	});
	if (error) throw error;
	return data;
}

/** A filter as the functions take it. */
export interface Query {
	tenant_id: string;
	statuses?: string[];
	of_channel?: string;
	since?: string;
	until?: string;
	with_error?: string;
}

export async function readWebhook(client: Client, id: string): Promise<WebhookEvent> {
	const { data, error } = await client.rpc('read_webhook_event', { webhook_event_id: id });
	if (error) throw error;
	return data as WebhookEvent;
}

/** Replays those named, or all that fit the filter. */
export async function replayWebhooks(client: Client, filter: Query, ids?: string[]): Promise<Replay> {
	const { data, error } = await client.rpc('replay_webhook_events', { ...filter, ...(ids ? { ids } : {}) });
	if (error) throw error;
	return data as Replay;
}

export async function readReplay(client: Client, id: string): Promise<Replay | null> {
	const { data, error } = await client.from('webhook_replays').select().eq('id', id).maybeSingle();
	if (error) throw error;
	return data;
}
