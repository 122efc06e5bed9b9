import type { Business } from '../state/business.ts';
import { peopleIn } from '../sending/tiers.ts';
import type { NumberState } from '../state/platform.ts';
import type { World } from '../world.ts';

/** Tells the product what has become of a number, in the account webhooks that Meta has for it. */
export function tellNumberChange(world: World, business: Business, before: NumberState, after: NumberState): void {
	const tell = (field: string, value: Record<string, unknown>): void =>
		world.outbox.add(business, {
			field,
			chat: null,
			summary: field,
			value,
			time: Math.floor(world.clock.now() / 1000)
		});
	const display_phone_number = business.display_phone_number;
	const limit = peopleIn(after.messaging_limit);
	const quality = (event: string): void =>
		tell('phone_number_quality_update', {
			display_phone_number,
			event,
			// Said under both names: the new one took the old one's place in 2026.
			current_limit: after.messaging_limit,
			max_daily_conversations_per_business: after.messaging_limit
		});

	if (before.quality_rating !== after.quality_rating) quality(after.quality_rating === 'RED' ? 'FLAGGED' : 'UNFLAGGED');
	if (before.throughput !== after.throughput)
		quality(after.throughput === 'HIGH' ? 'THROUGHPUT_UPGRADE' : 'THROUGHPUT_DOWNGRADE');
	if (before.messaging_limit !== after.messaging_limit) {
		quality((peopleIn(before.messaging_limit) ?? Infinity) < (limit ?? Infinity) ? 'UPGRADE' : 'DOWNGRADE');
		tell('business_capability_update', {
			max_daily_conversations_per_business: limit ?? -1,
			max_phone_numbers_per_waba: 25
		});
	}
	if (before.name_status !== after.name_status)
		tell('phone_number_name_update', {
			display_phone_number,
			decision: after.name_status,
			requested_verified_name: business.name,
			rejection_reason: after.name_status === 'DECLINED' ? 'NAME_NOT_CONSISTENT' : null
		});
	if (before.status !== after.status) {
		if (after.status === 'BANNED')
			tell('account_update', {
				event: 'DISABLED_UPDATE',
				ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: today(world) }
			});
		else if (after.status === 'RESTRICTED')
			tell('account_update', {
				event: 'ACCOUNT_RESTRICTION',
				restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: null }]
			});
		else if (after.status === 'FLAGGED') quality('FLAGGED');
		else tell('account_update', { event: 'ACCOUNT_REINSTATED' });
	}
}

const today = (world: World): string => new Date(world.clock.now()).toISOString().slice(0, 10);
