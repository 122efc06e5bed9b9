import type { MessageMedia } from '@prosa/core/media/media.ts';
import type { Content } from '@prosa/core/whatsapp/content.ts';

/* The rows a seeded company is made of, with the columns that the seed decides about. */

export interface ContactRow {
	id: string;
	tenant_id: string;
	name: string;
	username: string | null;
	phone: string | null;
	created_at: Date;
	updated_at: Date;
}

export interface IdentityRow {
	tenant_id: string;
	contact_id: string;
	kind: 'phone' | 'bsuid';
	value: string;
	address: string;
	created_at: Date;
}

export interface ConversationRow {
	id: string;
	tenant_id: string;
	contact_id: string;
	channel_id: string;
	team_id: string | null;
	assignee_id: string | null;
	status: 'open' | 'closed';
	last_seq: number;
	read_seq: number;
	unread_count: number;
	preview: string;
	preview_kind: string;
	preview_direction: 'in' | 'out';
	preview_at: Date;
	last_message_at: Date;
	last_inbound_at: Date;
	waiting_since: Date | null;
	window_expires_at: Date;
	closed_at: Date | null;
	created_at: Date;
	updated_at: Date;
}

export interface MessageRow {
	id: string;
	tenant_id: string;
	conversation_id: string;
	contact_id: string;
	channel_id: string;
	seq: number;
	direction: 'in' | 'out';
	author: 'contact' | 'agent';
	author_id: string | null;
	kind: string;
	content: Content;
	media: MessageMedia | null;
	body: string;
	external_id: string;
	client_id: string | null;
	target_external_id: string | null;
	quoted_message_id: string | null;
	status: 'received' | 'sent' | 'delivered' | 'read' | 'failed';
	error: { code: number; title: string; details: string | null } | null;
	counts_unread: boolean;
	sent_at: Date;
	created_at: Date;
	updated_at: Date;
}

export interface MessageEventRow {
	tenant_id: string;
	message_id: string;
	message_created_at: Date;
	type: string;
	occurred_at: Date;
	created_at: Date;
}

export interface Rows {
	contacts: ContactRow[];
	identities: IdentityRow[];
	conversations: ConversationRow[];
	messages: MessageRow[];
	events: MessageEventRow[];
}
