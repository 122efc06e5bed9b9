import {
	DEFAULT_WAYS,
	isNotificationType,
	type NotificationType,
	type Ways
} from '@prosa/core/notifications/notifications.ts';
import type { Client } from '#lib/auth/client.ts';
import type { Database } from '../database.ts';
import type { Notice } from './notice.ts';
import { DEFAULT_SETTINGS, type TellingSettings } from './telling.svelte.ts';

export const noticePage = 30;

const shape = '*, conversation:conversations(id, preview, preview_kind, contact:contacts(id, name, username, phone))';

/** A page of the bell, newest first. */
export async function noticesPage(client: Client, tenantId: string, before: string | null): Promise<Notice[]> {
	let query = client.from('notifications').select(shape).eq('tenant_id', tenantId).eq('in_app', true);
	if (before !== null) query = query.lt('created_at', before);
	const { data } = await query
		.order('created_at', { ascending: false })
		.order('id', { ascending: false })
		.limit(noticePage)
		.overrideTypes<Notice[], { merge: false }>()
		.throwOnError();
	return data;
}

/** How many are unread. */
export async function unreadCount(client: Client, tenantId: string): Promise<number> {
	const { count } = await client
		.from('notifications')
		.select('id', { count: 'exact', head: true })
		.eq('tenant_id', tenantId)
		.eq('in_app', true)
		.is('read_at', null)
		.throwOnError();
	return count ?? 0;
}

/** The person's own conversations with something unread. */
export async function waitingConversations(client: Client, tenantId: string, me: string): Promise<string[]> {
	const { data } = await client
		.from('conversations')
		.select('id')
		.eq('tenant_id', tenantId)
		.eq('assignee_id', me)
		.eq('folder', 'open')
		.gt('unread_count', 0)
		.limit(100)
		.throwOnError();
	return data.map(({ id }) => id);
}

/** By which ways and how the person wants to be told. */
export async function preferencesOf(
	client: Client,
	tenantId: string
): Promise<{ ways: Record<NotificationType, Ways>; settings: TellingSettings }> {
	const [preferences, settings] = await Promise.all([
		client
			.from('notification_preferences')
			.select('type, in_app, sound, push, digest')
			.eq('tenant_id', tenantId)
			.throwOnError(),
		client
			.from('notification_settings')
			.select('sound, volume, quiet_from, quiet_until, quiet_days, digest, digest_at')
			.eq('tenant_id', tenantId)
			.maybeSingle()
			.throwOnError()
	]);
	const ways = { ...DEFAULT_WAYS };
	for (const { type, ...chosen } of preferences.data) if (isNotificationType(type)) ways[type] = chosen;
	return { ways, settings: settings.data ?? DEFAULT_SETTINGS };
}

/** How it stands with a person's mails. */
export type DigestState = Database['public']['Functions']['my_digest']['Returns'][number];

/** How it stands with the signed-in person's mails. */
export async function digestState(client: Client, tenantId: string): Promise<DigestState | null> {
	const { data } = await client.rpc('my_digest', { tenant_id: tenantId }).throwOnError();
	return data[0] ?? null;
}
