import type { World } from '../world.ts';
import type { Business } from '../state/business.ts';
import { userIdFor, type Customer } from '../state/customer.ts';
import type { InboundAction } from './inbound.ts';
import { mediaPart } from './media_part.ts';

/** A message object's own part: its type, the object under that type, and what stands beside it. */
export interface Composed {
	type: string;
	content: Record<string, unknown>;
	/** Keys of the message beside `type` and the content. */
	beside?: Record<string, unknown>;
	/** The content's key where it isn't the type. */
	key?: string;
}

type Composable = Exclude<InboundAction, { kind: 'preference' | 'raw' }>;

/** Turns what the customer did into the message Meta would report. */
export function compose(
	world: World,
	business: Business,
	customer: Customer,
	base: string,
	action: Composable
): Composed {
	switch (action.kind) {
		case 'text':
			return { type: 'text', content: { body: action.text } };
		case 'image':
		case 'video':
		case 'document':
		case 'sticker':
			return { type: action.kind, content: mediaPart(world, business, base, action) };
		case 'audio':
		case 'voice':
			return { type: 'audio', content: mediaPart(world, business, base, action) };
		case 'location': {
			const { kind: _kind, ...place } = action;
			return { type: 'location', content: place };
		}
		case 'contacts':
			return { type: 'contacts', content: { contacts: action.contacts.map(card) } };
		case 'reaction':
			return { type: 'reaction', content: { message_id: action.message_id, emoji: action.emoji } };
		case 'button':
			return { type: 'button', content: { payload: action.payload, text: action.text } };
		case 'button_reply':
			return reply('button_reply', { id: action.id, title: action.title });
		case 'list_reply':
			return reply('list_reply', {
				id: action.id,
				title: action.title,
				...(action.description === undefined ? {} : { description: action.description })
			});
		case 'nfm_reply':
			return reply('nfm_reply', {
				response_json: JSON.stringify(action.response),
				body: action.body ?? 'Sent',
				name: action.name ?? 'flow'
			});
		case 'order':
			return {
				type: 'order',
				content: {
					catalog_id: action.catalog_id,
					text: action.text,
					product_items: action.items.map((item) => ({
						product_retailer_id: item.product,
						quantity: item.quantity,
						item_price: item.price,
						currency: item.currency
					}))
				}
			};
		case 'system':
			return system(business, customer, action);
		case 'unsupported':
			return {
				type: 'unsupported',
				content: { type: action.type },
				beside: {
					errors: [
						{
							code: 131051,
							title: 'Message type unknown',
							message: 'Message type unknown',
							error_data: { details: 'Message type is currently not supported.' }
						}
					]
				}
			};
		case 'edit':
			return { type: 'edit', content: edited(world, action.message_id, action.text) };
		case 'revoke':
			return { type: 'revoke', content: { original_message_id: action.message_id } };
	}
}

const reply = (type: string, content: Record<string, unknown>): Composed => ({
	type: 'interactive',
	content: { type, [type]: content }
});

/** An edit carries the whole message as it is now: the new text, or the picture with its new caption. */
function edited(world: World, id: string, text: string): Record<string, unknown> {
	const original = world.chats.get(id);
	const kind = original && ['image', 'video', 'document'].includes(original.kind) ? original.kind : 'text';
	const content = kind === 'text' ? { body: text } : { ...original?.content, caption: text };
	return { original_message_id: id, message: { context: { id: 'M0' }, type: kind, [kind]: content } };
}

function card(contact: {
	name: string;
	phone?: string | undefined;
	email?: string | undefined;
	company?: string | undefined;
}): Record<string, unknown> {
	const [first = contact.name, ...others] = contact.name.split(' ');
	const digits = contact.phone?.replace(/\D/g, '');
	return {
		name: {
			formatted_name: contact.name,
			first_name: first,
			...(others.length ? { last_name: others.join(' ') } : {})
		},
		...(contact.phone === undefined
			? {}
			: { phones: [{ phone: contact.phone, type: 'CELL', ...(digits ? { wa_id: digits } : {}) }] }),
		...(contact.email === undefined ? {} : { emails: [{ email: contact.email, type: 'WORK' }] }),
		...(contact.company === undefined ? {} : { org: { company: contact.company } })
	};
}

/** Changes of who the person is. The directory has changed already: `customer` is who they are now. */
function system(business: Business, customer: Customer, action: Extract<Composable, { kind: 'system' }>): Composed {
	const name = customer.name ?? '';
	const previous: Customer = { ...customer, generation: customer.generation - 1 };
	switch (action.change) {
		case 'user_changed_number':
			return {
				type: 'system',
				content: { body: `User ${name} changed to ${customer.wa_id ?? ''}`, wa_id: customer.wa_id, type: action.change }
			};
		case 'user_changed_user_id': {
			const now = userIdFor(customer, business.waba_id);
			return {
				type: 'system',
				content: {
					body: `User ${name} changed from ${userIdFor(previous, business.waba_id)} to ${now}`,
					user_id: now,
					type: action.change
				}
			};
		}
		case 'customer_identity_changed':
			return { type: 'system', content: { body: 'User identity changed', type: action.change } };
	}
}
