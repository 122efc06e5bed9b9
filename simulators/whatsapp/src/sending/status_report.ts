import type { World } from '../world.ts';
import type { Business } from '../state/business.ts';
import { userIdFor, type Customer } from '../state/customer.ts';
import type { ChatMessage, Status } from '../state/message.ts';
import type { Report } from '../webhook/envelope.ts';
import { errorCode } from '../graph/error_codes.ts';
import { pricingOf } from './pricing.ts';

/** The person as webhooks describe them. Somebody without a number has an empty `wa_id`. */
export function contactOf(customer: Customer, business: Business): Record<string, unknown> {
	return {
		profile: {
			name: customer.name ?? '',
			...(customer.username === null ? {} : { username: customer.username })
		},
		wa_id: customer.wa_id ?? '',
		user_id: userIdFor(customer, business.waba_id)
	};
}

/**
 * The status webhook of a message. The contact comes with everything but `failed`; the price with `sent` and
 * `delivered`; `recipient_user_id` only where the person was addressed by it.
 */
export function statusReport(
	world: World,
	business: Business,
	customer: Customer,
	message: ChatMessage,
	status: Exclude<Status, 'accepted'>
): Report {
	const byUserId = message.addressed_by === 'user_id';
	const failure = message.failure;
	return {
		field: 'messages',
		chat: message.chat,
		summary: status,
		value: {
			...(status === 'failed' ? {} : { contacts: [contactOf(customer, business)] }),
			statuses: [
				{
					id: message.id,
					status,
					timestamp: String(Math.floor(world.clock.now() / 1000)),
					recipient_id: byUserId ? '' : (customer.wa_id ?? ''),
					...(byUserId ? { recipient_user_id: userIdFor(customer, business.waba_id) } : {}),
					...(message.opaque === null ? {} : { biz_opaque_callback_data: message.opaque }),
					...(status === 'sent' || status === 'delivered'
						? { pricing: message.pricing ?? pricingOf(world, message) }
						: {}),
					...(status === 'failed' && failure
						? {
								errors: [
									{
										code: failure.code,
										title: failure.title,
										message: failure.title,
										error_data: { details: failure.details },
										href: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes'
									}
								]
							}
						: {})
				}
			]
		}
	};
}

/** Why a message failed, in the documented words of its code. */
export function failureOf(code: number, details?: string): NonNullable<ChatMessage['failure']> {
	const known = errorCode(code);
	return { code, title: known.title, details: details ?? known.details };
}
