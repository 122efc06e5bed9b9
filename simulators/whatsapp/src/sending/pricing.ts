import type { World } from '../world.ts';
import type { ChatMessage } from '../state/message.ts';

/** Service messages a number sends free of charge in a month since they are charged at all (October 2026). */
const FREE_SERVICE_MESSAGES = 1_000;

/** What a message is charged as: per message (PMP), nothing within 72 hours of an ad, service after the free thousand. */
export function pricingOf(world: World, message: ChatMessage): Record<string, unknown> {
	const category = message.category ?? 'service';
	if (world.chats.isFreeEntry(message.chat, message.at)) {
		return { billable: false, pricing_model: 'PMP', type: 'free_entry_point', category: 'referral_conversion' };
	}
	if (category === 'service') {
		const free =
			world.counters.count(`service|${message.chat.split('|')[0]}|${month(message.at)}`) <= FREE_SERVICE_MESSAGES;
		return { billable: !free, pricing_model: 'PMP', type: free ? 'free_customer_service' : 'regular', category };
	}
	return { billable: true, pricing_model: 'PMP', type: 'regular', category };
}

const month = (at: number): string => new Date(at).toISOString().slice(0, 7);
