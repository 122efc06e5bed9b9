/** What a message says, by kind. This is `messages.content`; the web and the simulator draw their bubbles from it. */

import type { ActivityContent, Cause, Named } from '../activity/activity.ts';

export interface TextContent {
	kind: 'text';
	text: string;
}

export const MEDIA_KINDS = ['image', 'audio', 'video', 'document', 'sticker'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

export interface MediaContent {
	kind: MediaKind;
	media_id: string | null;
	mime_type: string | null;
	sha256: string | null;
	caption: string | null;
	filename: string | null;
	/** Recorded in the app, not sent as a file. */
	voice: boolean;
	animated: boolean;
	/** Only where there is no media id: an id finds a fresh address. */
	url: string | null;
}

export interface LocationContent {
	kind: 'location';
	latitude: number;
	longitude: number;
	name: string | null;
	address: string | null;
	url: string | null;
}

export interface ContactCard {
	name: string;
	first_name: string | null;
	last_name: string | null;
	phones: { phone: string | null; wa_id: string | null; type: string | null }[];
	emails: { email: string; type: string | null }[];
	urls: { url: string; type: string | null }[];
	addresses: Record<string, unknown>[];
	company: string | null;
	title: string | null;
	birthday: string | null;
}

export interface ContactsContent {
	kind: 'contacts';
	contacts: ContactCard[];
}

export interface ReactionContent {
	kind: 'reaction';
	emoji: string;
	removed: boolean;
}

export interface InteractiveContent {
	kind: 'interactive';
	type: 'button_reply' | 'list_reply' | 'nfm_reply' | 'call_permission_reply';
	id: string | null;
	title: string | null;
	description: string | null;
	/** The answers of a Flow; null for buttons, lists and answers that are not a JSON object. */
	response: Record<string, unknown> | null;
}

export interface ButtonContent {
	kind: 'button';
	text: string;
	payload: string | null;
}

export interface OrderItem {
	product_retailer_id: string;
	quantity: number;
	item_price: number;
	currency: string | null;
}

export interface OrderContent {
	kind: 'order';
	catalog_id: string | null;
	text: string;
	items: OrderItem[];
	/** Null when the items are in several currencies. */
	total: number | null;
	currency: string | null;
}

export interface SystemContent {
	kind: 'system';
	/** Meta's name: user_changed_number, user_changed_user_id, customer_identity_changed, … */
	type: string;
	text: string;
	wa_id: string | null;
	user_id: string | null;
	identity: Record<string, unknown> | null;
}

export interface EditContent {
	kind: 'edit';
	/** The message as it reads from now on. */
	message: Content;
}

export interface RevokeContent {
	kind: 'revoke';
}

export interface UnsupportedContent {
	kind: 'unsupported';
	/** The message as delivered. */
	raw: unknown;
	/** What Meta called it, null when it did not say. */
	type: string | null;
	errors: unknown[];
}

export interface CallContent {
	kind: 'call';
	call_id: string;
	/** Meta's name: connect, terminate, … */
	event: string | null;
	status: string | null;
	started_at: string | null;
	ended_at: string | null;
	duration_seconds: number | null;
	errors: unknown[];
}

export interface MediaPlaceholderContent {
	kind: 'media_placeholder';
}

export interface TemplateContent {
	kind: 'template';
	name: string;
	language: string;
	/** As the Graph API takes them. */
	components: Record<string, unknown>[];
}

export interface NoteContent {
	kind: 'note';
	text: string;
	/** Whom it calls, under the names that stand in the text behind an @. */
	mentions?: Named[];
	teams?: Named[];
	/** The rule or macro that wrote it. */
	cause?: Cause;
}

/** The ad the customer came from. Other keys of Meta's are kept. */
export interface Referral {
	source_url?: unknown;
	source_id?: unknown;
	source_type?: unknown;
	headline?: unknown;
	body?: unknown;
	media_type?: unknown;
	image_url?: unknown;
	video_url?: unknown;
	thumbnail_url?: unknown;
	ctwa_clid?: unknown;
	[key: string]: unknown;
}

/** What any message may carry besides. */
export interface Extras {
	forwarded?: true;
	frequently_forwarded?: true;
	referral?: Referral;
	referred_product?: { catalog_id: string | null; product_retailer_id: string | null };
	/** Written in this group; the window with the person stays as it is. */
	group_id?: string;
}

export type KindContent =
	| TextContent
	| MediaContent
	| LocationContent
	| ContactsContent
	| ReactionContent
	| InteractiveContent
	| ButtonContent
	| OrderContent
	| SystemContent
	| EditContent
	| RevokeContent
	| UnsupportedContent
	| CallContent
	| MediaPlaceholderContent
	| TemplateContent
	| NoteContent
	| ActivityContent;

export type Content = KindContent & Extras;
