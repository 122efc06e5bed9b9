import { z } from 'zod';
import type { Business } from '../state/business.ts';
import { chatKey } from '../state/message.ts';
import { newWamid } from '../wamid.ts';
import type { World } from '../world.ts';

/** A conversation that took place before: shown on the phone, reported nowhere. */
export const historySchema = z.strictObject({
	phone_number_id: z.string(),
	from: z.string().min(1),
	name: z.string().min(1).optional(),
	messages: z
		.array(
			z.strictObject({
				/** The id the product knows it by; without one it gets a new one. A known id is left as it is. */
				id: z.string().max(200).optional(),
				direction: z.enum(['in', 'out']),
				text: z.string().min(1).max(65_536),
				at: z.coerce.date()
			})
		)
		.max(500)
});

/** Adds what isn't there yet; the number of messages added. */
export function addHistory(world: World, business: Business, given: z.infer<typeof historySchema>): number {
	const found = world.directory.find(given.from, [business]);
	const customer =
		found ?? world.directory.meet(given.from, business, given.name === undefined ? {} : { name: given.name });
	let added = 0;
	for (const { id, direction, text, at } of given.messages) {
		if (id !== undefined && world.chats.get(id)) continue;
		added++;
		world.chats.add({
			id: id ?? newWamid(customer.wa_id ?? customer.id, direction === 'in' ? 'phone' : 'api'),
			chat: chatKey(business.phone_number_id, customer.id),
			direction,
			kind: 'text',
			content: { body: text },
			at: at.getTime(),
			status: 'read',
			failure: null,
			quoted: null,
			reactions: {},
			edited_at: null,
			revoked_at: null,
			label: null,
			opaque: null,
			addressed_by: 'phone',
			pricing: null,
			category: null,
			history: true
		});
	}
	return added;
}
