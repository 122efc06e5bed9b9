import { renderTemplate } from '@prosa/core/whatsapp/templates/render.ts';
import { readBody } from '../../../http/body.ts';
import { checkSend } from '../sending/check_template.ts';
import { deliver } from '../sending/delivery.ts';
import { peopleIn } from '../sending/tiers.ts';
import { numberError } from '../sending/number_errors.ts';
import { portfolioOf, type Business } from '../state/business.ts';
import { spellings, userIdFor, type Customer } from '../state/customer.ts';
import type { Address } from '../state/directory.ts';
import { chatKey, type ChatMessage } from '../state/message.ts';
import { newWamid } from '../wamid.ts';
import { badParameter, documented } from './error.ts';
import { contentSchemas, envelopeKeys, envelopeSchema, isOutboundKind, type OutboundKind } from './outbound.ts';
import { markRead } from './mark_read.ts';
import { refuseShape } from './refuse_shape.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

const LARGEST_BODY = 1024 * 1024;

type Json = Record<string, unknown>;

/** A send whose answer a fault keeps from the caller: the connection is cut after everything else has happened. */
export class AnswerLost extends Error {}

/** `POST /:phone_number_id/messages`: sends a message, or marks one as read. */
export async function postMessages(call: GraphCall, business: Business): Promise<GraphAnswer> {
	const body = parse(await readBody(call.request, LARGEST_BODY), call.request.headers['content-type'] ?? '');
	if (body['messaging_product'] === undefined) throw badParameter('The parameter messaging_product is required.');
	if (body['status'] !== undefined) return { ...markRead(call, business, body), request: body };
	const answer = await send(call, business, body);
	return { ...answer, request: body };
}

/** JSON, or the form encoding Graph takes as well, with objects as JSON in its fields. */
function parse(bytes: Buffer, contentType: string): Json {
	if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
		const fields = [...new URLSearchParams(bytes.toString('utf8'))];
		return Object.fromEntries(fields.map(([name, value]) => [name, /^[[{]/.test(value) ? fromJson(value) : value]));
	}
	const body = fromJson(bytes.toString('utf8'));
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw badParameter('The request body must be a JSON object.');
	return body as Json;
}

function fromJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw badParameter('The request body is not valid JSON.');
	}
}

async function send(call: GraphCall, business: Business, body: Json): Promise<GraphAnswer> {
	const { world } = call;
	const envelope = envelopeSchema.safeParse(body, { reportInput: true });
	const problem = envelope.error?.issues[0];
	if (!envelope.data || problem) throw problem ? refuseShape(problem) : documented(100);
	const { kind, content } = readContent(body, envelope.data.type);
	const { customer, by } = recipient(call, business, envelope.data.to, envelope.data.recipient);
	if ('id' in content) checkMedia(call, business, kind, String(content['id']));

	const template = kind === 'template' ? checkSend(world, business, content) : null;

	const faults = world.faults();
	if (world.random.happens('refuse', faults.refuse)) throw documented(faults.refuse_code);
	const chat = chatKey(business.phone_number_id, customer.id);
	const standing = world.platform.number(business.phone_number_id);
	const meets = faults.number_errors ? numberError(customer.wa_id) : null;
	if (meets?.when === 'call') throw documented(meets.code);
	// Inside the window, and where nobody has ever written, free-form messages go unrestricted; templates open conversations.
	if (faults.portfolio_limit && template !== null && world.chats.window(chat, world.clock.now()) !== 'open')
		world.quota.take(portfolioOf(business), customer.id, peopleIn(standing.messaging_limit));
	world.limits.take(business.phone_number_id, chat, standing.throughput === 'HIGH');

	const message: ChatMessage = {
		id: newWamid(customer.wa_id ?? userIdFor(customer, business.waba_id), 'api'),
		chat,
		direction: 'out',
		kind,
		// The phone shows what the template reads as.
		content: template ? { ...content, rendered: renderTemplate(template, content['components']) } : content,
		at: world.clock.now(),
		status: 'accepted',
		failure: null,
		quoted: envelope.data.context?.message_id ?? null,
		reactions: {},
		edited_at: null,
		revoked_at: null,
		label: null,
		opaque: envelope.data.biz_opaque_callback_data ?? null,
		addressed_by: by,
		pricing: null,
		category: template?.category.toLowerCase() ?? 'service',
		history: false
	};
	const life = deliver(world, customer, message);
	world.chats.add(message);
	world.events.publish('typing', { chat, until: 0 });
	if (kind === 'reaction') reactTo(call, message);
	await life;
	await wait(call, faults.answer_delay_ms);
	if (world.random.happens('answer_lost', faults.answer_lost)) throw new AnswerLost();
	return {
		body: {
			messaging_product: 'whatsapp',
			contacts: [contact(body, customer, by, business)],
			messages: [{ id: message.id, ...(kind === 'template' ? { message_status: 'accepted' } : {}) }]
		},
		summary: kind
	};
}

/** The kind and its checked content. Throws 131051 for a kind nobody can send, 100 for keys that don't belong. */
function readContent(body: Json, type: string | undefined): { kind: OutboundKind; content: Json } {
	const kind = type ?? 'text';
	if (!isOutboundKind(kind)) throw documented(131051, `Message type "${kind}" is not currently supported.`);
	const extra = Object.keys(body).find((key) => !envelopeKeys.has(key) && key !== kind);
	if (extra !== undefined) throw badParameter(`Unexpected key "${extra}"`);
	const parsed = contentSchemas[kind].safeParse(body[kind], { reportInput: true });
	const problem = parsed.error?.issues[0];
	if (problem) throw refuseShape(problem, [kind]);
	const content = parsed.data;
	return { kind, content: Array.isArray(content) ? { contacts: content } : { ...(content as Json) } };
}

function recipient(call: GraphCall, business: Business, to?: string, recipientId?: string): Address {
	const address = to ?? recipientId;
	if (address === undefined) throw badParameter('The parameter to is required.');
	const digits = address.replace(/[\s()+-]/g, '');
	if (to !== undefined && !/^\d{7,15}$/.test(digits) && !/^([A-Z]{2}\.|user\.)/.test(to)) {
		throw documented(131009, 'The phone number is malformed: Please use the format: +1234567890.');
	}
	if (recipientId !== undefined && to === undefined && !/^([A-Z]{2}\.|user\.)/.test(recipientId)) {
		throw documented(131009, 'The recipient is not a business-scoped user ID.');
	}
	if (spellings(digits).includes(business.display_phone_number)) throw documented(131021);
	return call.world.directory.addressed(/^\d+$/.test(digits) ? digits : address, business);
}

function checkMedia(call: GraphCall, business: Business, kind: string, id: string): void {
	const media = call.world.media.get(id);
	if (media?.phone_number_id === business.phone_number_id) return;
	throw documented(131009, `${kind} id "${id}" is not a media ID of this phone number, or has expired.`);
}

/** Puts the business's reaction on the bubble it is for. */
function reactTo(call: GraphCall, message: ChatMessage): void {
	const { message_id, emoji } = message.content as { message_id: string; emoji: string };
	const target = call.world.chats.get(message_id);
	if (!target || target.chat !== message.chat) return;
	const { business: _removed, ...others } = target.reactions;
	target.reactions = emoji === '' ? others : { ...others, business: emoji };
	call.world.chats.changed(target);
}

function contact(body: Json, customer: Customer, by: Address['by'], business: Business): Json {
	const input = String(body['to'] ?? body['recipient']);
	return by === 'user_id'
		? { input, wa_id: '', user_id: userIdFor(customer, business.waba_id) }
		: { input, wa_id: customer.wa_id ?? '' };
}

const wait = (call: GraphCall, ms: number): Promise<void> =>
	ms === 0 ? Promise.resolve() : new Promise((resolve) => call.world.clock.after(ms, resolve));
