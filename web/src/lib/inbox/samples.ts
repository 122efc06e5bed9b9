import type { Message } from '../database.ts';
import type { InboxRow } from './rows.ts';

/** Rows for unit tests: an open conversation of Dona Lúcia with the bakery, and her greeting. */
export function aRow(id: string, changes: Partial<InboxRow> = {}): InboxRow {
	const at = '2026-11-21T10:00:00+00:00';
	return {
		id,
		tenant_id: 'padaria',
		contact_id: 'lucia',
		channel_id: 'whatsapp',
		team_id: null,
		assignee_id: null,
		status: 'open',
		owner: 'human',
		owner_epoch: 0,
		last_seq: 1,
		read_seq: 0,
		unread_count: 1,
		preview: 'Oi',
		preview_kind: 'text',
		preview_direction: 'in',
		preview_at: at,
		last_message_at: at,
		last_inbound_at: at,
		waiting_since: at,
		window_expires_at: null,
		closed_at: null,
		merged_into_id: null,
		assigned_at: null,
		is_history: false,
		priority: 0,
		tag_ids: [],
		attributes: {},
		snoozed_until: null,
		is_spam: false,
		sla_due_at: null,
		first_reply_at: null,
		away_check_at: '-infinity',
		is_followed: false,
		folder: 'open',
		created_at: at,
		updated_at: at,
		contact: {
			id: 'lucia',
			name: 'Dona Lúcia',
			username: null,
			phone: null,
			language: 'pt_BR',
			attributes: {},
			updated_at: at
		},
		channel: { id: 'whatsapp', name: 'WhatsApp', type: 'whatsapp' },
		...changes
	};
}

export function aMessage(seq: number, changes: Partial<Message> = {}): Message {
	const at = '2026-11-21T10:00:00+00:00';
	return {
		id: `m${seq}`,
		tenant_id: 'padaria',
		conversation_id: 'k',
		contact_id: 'lucia',
		channel_id: 'whatsapp',
		seq,
		direction: 'in',
		author: 'contact',
		author_id: null,
		kind: 'text',
		content: { kind: 'text', text: 'Oi' },
		body: 'Oi',
		external_id: `wamid.${seq}`,
		client_id: null,
		target_external_id: null,
		quoted_message_id: null,
		identity: null,
		lane: 0,
		is_private: false,
		media: null,
		status: 'received',
		error: null,
		counts_unread: true,
		sent_at: at,
		edited_at: null,
		revoked_at: null,
		created_at: at,
		updated_at: at,
		...changes
	};
}
