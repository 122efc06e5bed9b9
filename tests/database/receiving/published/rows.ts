import type { Sql } from '../../database.ts';

interface Message {
	direction: string;
	author: string;
	kind: string;
	body: string;
	status: string;
	target: string | null;
	edited: boolean;
	revoked: boolean;
	keys: string[];
	error: string | null;
	is_history: boolean;
}

const short = (id: string) => (id.length > 12 ? `…${id.slice(-8)}` : id);

/** Everything a company has, one line a row, as a person would tell it. */
export async function toldRows(sql: Sql, tenantId: string): Promise<string[]> {
	const contacts = await sql<{ who: string; name: string; username: string | null; stopped: boolean }[]>`
		select c.name, c.username, c.marketing_opt_out as stopped,
			(select string_agg(i.kind || ' ' || i.value, ', ' order by i.kind, i.value) from public.contact_identities i where i.contact_id = c.id) as who
		from public.contacts c where c.tenant_id = ${tenantId} order by who`;
	const conversations = await sql<
		{ status: string; is_history: boolean; unread_count: number; window: number | null; preview: string }[]
	>`
		select status, is_history, unread_count, preview,
			round(extract(epoch from window_expires_at - last_inbound_at) / 3600)::int as window
		from public.conversations where tenant_id = ${tenantId} order by is_history, created_at, preview`;
	const messages = await sql<Message[]>`
		select m.direction, m.author, m.kind, m.body, m.status, m.target_external_id as target,
			m.edited_at is not null as edited, m.revoked_at is not null as revoked, c.is_history, m.error ->> 'code' as error,
			array(select jsonb_object_keys(m.content) order by 1) as keys
		from public.messages m join public.conversations c on c.id = m.conversation_id
		where m.tenant_id = ${tenantId} order by m.sent_at, m.external_id collate "C"`;
	const events = await sql<{ type: string; error: string | null }[]>`
		select type, detail #>> '{error,code}' as error from public.message_events
		where tenant_id = ${tenantId} order by type, occurred_at`;
	const charges = await sql<{ category: string; country: string | null; free: string | null; reason: string | null }[]>`
		select category, coalesce(country, region) as country, free_reason as free, reason from public.charges
		where tenant_id = ${tenantId}`;
	const notices = await sql<{ field: string }[]>`
		select field from public.channel_events where tenant_id = ${tenantId} order by field, occurred_at`;
	const waiting = await sql<{ count: number }[]>`
		select count(*)::int as count from private.early_events e join public.channels c on c.id = e.channel_id
		where c.tenant_id = ${tenantId}`;
	const bodies = await sql<{ status: string; error: string | null }[]>`
		select status, error from public.webhook_events where tenant_id = ${tenantId} and status <> 'processed'`;

	return [
		...contacts.map(({ who, name, username, stopped }) =>
			line('contact', who, name && `"${name}"`, username && `@${username}`, stopped && 'wants no marketing')
		),
		...conversations.map((thread) =>
			line(
				thread.is_history ? 'history' : `${thread.status} conversation`,
				`"${thread.preview.slice(0, 30)}"`,
				thread.unread_count > 0 && `${thread.unread_count} unread`,
				thread.window !== null && `window ${thread.window} h`
			)
		),
		...messages.map((message) =>
			line(
				message.direction,
				message.author,
				message.kind,
				message.body !== '' && `"${message.body.slice(0, 40)}"`,
				`{${message.keys.filter((key) => key !== 'kind').join(' ')}}`,
				message.direction === 'out' && message.status,
				message.error && `error ${message.error}`,
				message.target && `→ ${short(message.target)}`,
				message.edited && 'edited',
				message.revoked && 'revoked'
			)
		),
		...events.map(({ type, error }) => line('event', type, error)),
		...charges.map(({ category, country, free, reason }) => line('charge', category, country, free, reason)),
		...notices.map(({ field }) => line('notice', field)),
		...waiting.filter(({ count }) => count > 0).map(({ count }) => `${count} waiting for a message`),
		...bodies.map(({ status, error }) => line('body', status, error))
	];
}

const line = (...words: (string | false | null)[]) =>
	words.filter((word) => word !== null && word !== false && word !== '').join(' ');
