import type { Business } from '../state/business.ts';
import { documented } from './error.ts';
import { readSchema } from './outbound.ts';
import { refuseShape } from './refuse_shape.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

/** A typing indicator lasts this long, or until the answer. */
const TYPING = 25_000;

/**
 * Marks a customer's message as read, with all before it, and perhaps shows that somebody types. An id this simulator
 * never gave out is accepted when it looks like one: the product may know messages that reached it another way.
 */
export function markRead(call: GraphCall, business: Business, body: Record<string, unknown>): GraphAnswer {
	const parsed = readSchema.safeParse(body, { reportInput: true });
	const problem = parsed.error?.issues[0];
	if (problem) throw refuseShape(problem);
	const { message_id, typing_indicator } = readSchema.parse(body);
	const { world } = call;
	const message = world.chats.get(message_id);
	const foreign = message !== null && !message.chat.startsWith(`${business.phone_number_id}|`);
	if (foreign || (message === null && !message_id.startsWith('wamid.'))) {
		throw documented(131009, 'The message_id is not a message received by this phone number.');
	}
	if (message) {
		if (message.direction === 'out') throw documented(131009, 'Only received messages can be marked as read.');
		for (const earlier of world.chats.of(message.chat)) {
			if (earlier.direction !== 'in' || earlier.at > message.at || earlier.status === 'read') continue;
			earlier.status = 'read';
			world.chats.changed(earlier);
		}
		if (typing_indicator) world.events.publish('typing', { chat: message.chat, until: world.clock.now() + TYPING });
	}
	return { body: { success: true }, summary: typing_indicator ? 'read, typing' : 'read' };
}
