import type { World } from '../world.ts';
import { contactOf } from '../sending/status_report.ts';
import type { Business } from '../state/business.ts';
import { userIdFor, type Customer } from '../state/customer.ts';
import { chatKey, type ChatMessage } from '../state/message.ts';
import { newWamid } from '../wamid.ts';
import { compose, type Composed } from './compose.ts';
import type { Inbound, InboundCommon } from './inbound.ts';

type Json = Record<string, unknown>;

/** Something a customer cannot do; `message` says why. */
export class CannotDo extends Error {}

/** The ad people come from when nobody says which. */
const ordinaryAd: Json = {
	source_url: 'https://fb.me/2pLh3Kq9x',
	source_id: '120226305854810726',
	source_type: 'ad',
	headline: 'Fale com a gente',
	body: 'Encomendas para o fim de semana abertas!',
	media_type: 'image',
	image_url: 'https://scontent.xx.fbcdn.net/v/t45.1600-4/anuncio.jpg',
	ctwa_clid: 'Aff-n8ZTODiE79d22KtAwQKj9e_mIEOOj27vDVwFjN80dp4_0NiNhEgpGo0AHemv'
};

/** Kinds that change another message instead of standing in the chat. */
const silent: readonly string[] = ['reaction', 'edit', 'revoke', 'preference'];

/**
 * A customer does something: it stands on their phone and a webhook is on its way. Answers with the message's id, null
 * for a preference, which has none. Throws CannotDo where the phone would not let them.
 */
export function act(
	world: World,
	business: Business,
	base: string,
	inbound: Inbound
): { id: string | null; customer: Customer } {
	const { common, action } = inbound;
	let customer = known(world, business, common);
	const chat = chatKey(business.phone_number_id, customer.id);
	if (action.kind === 'preference') {
		reportPreference(world, business, customer, chat, action.value);
		return { id: null, customer };
	}
	if (action.kind === 'edit' || action.kind === 'revoke') ownMessage(world, chat, action.message_id);
	const before = customer;
	if (action.kind === 'system') customer = changeIdentity(world, customer, action.change, action.new_number);
	const id = newWamid(customer.wa_id ?? userIdFor(customer, business.waba_id), 'phone');
	const at = world.clock.now() - (common.age_seconds ?? 0) * 1000;
	const composed = action.kind === 'raw' ? raw(action.message) : compose(world, business, customer, base, action);
	const message = wire(world, business, before, { id, at, common, composed, chat });
	if (!silent.includes(composed.type))
		world.chats.add(bubble(chat, id, at, common, composed), common.referral !== undefined);
	else applyTo(world, composed);
	world.outbox.add(business, {
		field: 'messages',
		chat,
		summary: composed.type,
		value: {
			...(composed.type === 'system' ? {} : { contacts: [contactOf(customer, business)] }),
			messages: [message]
		}
	});
	return { id: String(message['id']), customer };
}

function known(world: World, business: Business, { from, name }: InboundCommon): Customer {
	const found = world.directory.find(from, [business]);
	if (!found) return world.directory.meet(from, business, name === undefined ? {} : { name });
	return name === undefined || found.name === name ? found : world.directory.save({ ...found, name });
}

function ownMessage(world: World, chat: string, id: string): void {
	const message = world.chats.get(id);
	if (message && (message.chat !== chat || message.direction !== 'in')) {
		throw new CannotDo('a customer can only edit or delete messages of their own');
	}
	if (message?.revoked_at) throw new CannotDo('the message was deleted');
}

function changeIdentity(world: World, customer: Customer, change: string, number: string | undefined): Customer {
	if (change === 'customer_identity_changed') return customer;
	if (change === 'user_changed_number' && number === undefined)
		throw new CannotDo('new_number is needed for user_changed_number');
	return world.directory.save({
		...customer,
		wa_id: change === 'user_changed_number' ? (number ?? null) : customer.wa_id,
		user_ids: {},
		generation: customer.generation + 1
	});
}

/** A message object given from outside: its type's object is the content. */
function raw(message: Json): Composed {
	const { type, ...beside } = message;
	const kind = typeof type === 'string' ? type : 'unknown';
	const content = beside[kind];
	return {
		type: kind,
		content: typeof content === 'object' && content !== null ? (content as Json) : {},
		beside: message
	};
}

/** The message as the webhook carries it. */
function wire(
	world: World,
	business: Business,
	customer: Customer,
	{
		id,
		at,
		common,
		composed,
		chat
	}: { id: string; at: number; common: InboundCommon; composed: Composed; chat: string }
): Json {
	const context = contextOf(world, business, customer, common, chat);
	const content = composed.type === 'contacts' ? composed.content['contacts'] : composed.content;
	return {
		...(context === null ? {} : { context }),
		...(common.referral === undefined ? {} : { referral: common.referral === true ? ordinaryAd : common.referral }),
		from: customer.wa_id ?? '',
		from_user_id: userIdFor(customer, business.waba_id),
		id,
		timestamp: String(Math.floor(at / 1000)),
		type: composed.type,
		[composed.type]: content,
		...composed.beside
	};
}

function contextOf(
	world: World,
	business: Business,
	customer: Customer,
	common: InboundCommon,
	chat: string
): Json | null {
	const quoted = common.context === undefined ? null : world.chats.get(common.context);
	const fromCustomer = quoted?.chat === chat && quoted.direction === 'in';
	const context: Json = {
		...(common.forwarded ? { forwarded: true } : {}),
		...(common.frequently_forwarded ? { frequently_forwarded: true } : {}),
		...(common.context === undefined
			? {}
			: { from: fromCustomer ? (customer.wa_id ?? '') : business.display_phone_number, id: common.context }),
		...(common.referred_product === undefined ? {} : { referred_product: common.referred_product })
	};
	return Object.keys(context).length === 0 ? null : context;
}

function bubble(chat: string, id: string, at: number, common: InboundCommon, composed: Composed): ChatMessage {
	return {
		id,
		chat,
		direction: 'in',
		kind: composed.type,
		content: composed.content,
		at,
		status: 'sent',
		failure: null,
		quoted: common.context ?? null,
		reactions: {},
		edited_at: null,
		revoked_at: null,
		label: common.referral !== undefined ? 'ad' : common.forwarded || common.frequently_forwarded ? 'forwarded' : null,
		opaque: null,
		addressed_by: 'phone',
		pricing: null,
		category: null,
		history: false
	};
}

/** Shows a reaction, an edit or a deletion on the bubble it is about. */
function applyTo(world: World, { type, content }: Composed): void {
	const id = String(content[type === 'reaction' ? 'message_id' : 'original_message_id']);
	const message = world.chats.get(id);
	if (!message) return;
	if (type === 'reaction') {
		const { customer: _removed, ...others } = message.reactions;
		message.reactions = content['emoji'] === '' ? others : { ...others, customer: String(content['emoji']) };
	} else if (type === 'revoke') {
		message.revoked_at = world.clock.now();
	} else {
		const now = content['message'] as Json;
		message.content = (now[String(now['type'])] ?? {}) as Json;
		message.edited_at = world.clock.now();
	}
	world.chats.changed(message);
}

function reportPreference(
	world: World,
	business: Business,
	customer: Customer,
	chat: string,
	value: 'stop' | 'resume'
): void {
	world.outbox.add(business, {
		field: 'user_preferences',
		chat,
		summary: `preference ${value}`,
		value: {
			messaging_product: 'whatsapp',
			metadata: { display_phone_number: business.display_phone_number, phone_number_id: business.phone_number_id },
			contacts: [contactOf(customer, business)],
			user_preferences: [
				{
					wa_id: customer.wa_id ?? '',
					user_id: userIdFor(customer, business.waba_id),
					detail: `User requested to ${value} marketing messages`,
					category: 'marketing_messages',
					value,
					timestamp: Math.floor(world.clock.now() / 1000)
				}
			]
		}
	});
}
