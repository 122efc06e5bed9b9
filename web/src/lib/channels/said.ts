import { isErrorCode } from '@prosa/core/errors/catalogue.ts';
import { graphSentence } from '@prosa/core/whatsapp/graph_errors.ts';
import type { Channel } from '#lib/database.ts';
import { sentenceOf } from '#lib/errors/sentence.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { ChannelEvent, Health } from './health.ts';

const statuses: Record<Channel['status'], () => string> = {
	connected: m.channel_connected,
	attention: m.channel_attention,
	disconnected: m.channel_disconnected
};

/** What a channel's status is called. */
export function statusName(status: Channel['status']): string {
	return statuses[status]();
}

const qualities: Record<string, () => string> = {
	GREEN: m.quality_green,
	YELLOW: m.quality_yellow,
	RED: m.quality_red
};

/** What a quality rating means. */
export function qualityName(rating: string | null): string {
	return (rating === null ? undefined : qualities[rating])?.() ?? m.quality_unknown();
}

/** Why a channel needs attention, and what to do about it. */
export function attentionSentence(detail: Health['channel']['status_detail']): string {
	const code = text(detail?.code);
	if (code === 'account_banned') return m.attention_banned();
	if (code === 'account_restricted') return m.attention_restricted();
	if (code === 'account_gone') return m.attention_gone();
	// A check says which of our own sentences fits.
	const own = text(detail?.details) ?? code;
	if (own && isErrorCode(own)) return sentenceOf(own);
	return graphSentence(Number(code), getLocale());
}

/** A failed message's code in a sentence. */
export function errorSentence(code: string): string {
	return graphSentence(Number(code), getLocale());
}

const text = (value: unknown): string | null =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : null;

/** What happened to a channel, in words; Meta's own where we have none. */
export function eventSentence({ field, payload }: ChannelEvent): string {
	const event = text(payload.event) ?? '';
	const limit = text(payload.max_daily_conversations_per_business) ?? text(payload.current_limit);
	switch (field) {
		case 'phone_number_quality_update':
			if (event === 'FLAGGED') return m.event_quality_flagged();
			if (event === 'UNFLAGGED') return m.event_quality_unflagged();
			if (event === 'THROUGHPUT_UPGRADE') return m.event_throughput();
			if (event === 'UPGRADE') return m.event_limit_up({ limit: limit ?? '?' });
			if (event === 'DOWNGRADE') return m.event_limit_down({ limit: limit ?? '?' });
			return m.event_quality_other({ event: event || '?' });
		case 'business_capability_update':
			return limit ? m.event_limit({ limit }) : m.event_capability();
		case 'phone_number_name_update':
			return payload.decision === 'APPROVED'
				? m.event_name_approved({ name: text(payload.requested_verified_name) ?? '' })
				: m.event_name_refused({ name: text(payload.requested_verified_name) ?? '' });
		case 'account_update':
			return accountSentence(event, payload);
		case 'account_alerts':
			return m.event_alert({ text: text(payload.alert_description) ?? text(payload.alert_type) ?? '?' });
		case 'account_review_update':
			return m.event_review({ decision: text(payload.decision) ?? '?' });
		case 'security':
			return event === 'PIN_CHANGED' ? m.event_pin_changed() : m.event_pin_reset();
		case 'token_expiring':
			return m.event_token_expiring();
		case 'errors':
			return m.event_error({ text: text(payload.title) ?? text(payload.message) ?? text(payload.code) ?? '?' });
		default:
			return m.event_other({ field });
	}
}

function accountSentence(event: string, payload: ChannelEvent['payload']): string {
	const ban = payload.ban_info;
	const state = typeof ban === 'object' && ban !== null && 'waba_ban_state' in ban ? text(ban.waba_ban_state) : null;
	if (event === 'DISABLED_UPDATE' && state === 'DISABLE') return m.event_banned();
	if (event === 'DISABLED_UPDATE' && state === 'REINSTATE') return m.event_reinstated();
	if (event === 'DISABLED_UPDATE') return m.event_ban_scheduled();
	if (event === 'ACCOUNT_RESTRICTION') return m.event_restricted();
	if (event === 'ACCOUNT_VIOLATION') return m.event_violation();
	if (event === 'VOLUME_BASED_PRICING_TIER_UPDATE') return m.event_price_tier();
	return m.event_account({ event: event || '?' });
}
