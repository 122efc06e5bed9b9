import type { World } from '../world.ts';
import type { Customer } from '../state/customer.ts';
import { splitChatKey, type ChatMessage, type Status } from '../state/message.ts';
import type { Business } from '../state/business.ts';
import { fits } from '../media/formats.ts';
import { numberError } from './number_errors.ts';
import { pricingOf } from './pricing.ts';
import { failureOf, statusReport } from './status_report.ts';

const rank: Record<Status, number> = { accepted: 0, sent: 1, delivered: 2, read: 3, played: 4, failed: 5 };

/** Where a message stands and who it belongs to; null when either has been forgotten. */
function parties(world: World, message: ChatMessage): { business: Business; customer: Customer } | null {
	const { phone_number_id, customer: id } = splitChatKey(message.chat);
	const business = world.businessOf(phone_number_id);
	const customer = business && world.directory.find(id, [business]);
	return business && customer ? { business, customer } : null;
}

/** Moves a message on and reports it; backwards or after a failure nothing happens. */
function reach(world: World, message: ChatMessage, status: Exclude<Status, 'accepted'>): boolean {
	const found = parties(world, message);
	const current = world.chats.get(message.id);
	if (!found || !current || current.status === 'failed' || rank[current.status] >= rank[status]) return false;
	current.status = status;
	if (status === 'sent') current.pricing = pricingOf(world, current);
	world.chats.changed(current);
	world.outbox.add(found.business, statusReport(world, found.business, found.customer, current, status));
	return true;
}

/** Why a message that was accepted will not arrive, or null when it will. */
function misfortune(world: World, customer: Customer, message: ChatMessage): ChatMessage['failure'] {
	const faults = world.faults();
	if (world.random.happens('fail', faults.fail)) return failureOf(faults.fail_code);
	const meets = faults.number_errors ? numberError(customer.wa_id) : null;
	if (meets?.when === 'later') return failureOf(meets.code);
	if (!customer.on_whatsapp) return failureOf(131026);
	if (message.kind !== 'template') {
		const window = faults.window === 'closed' ? 'closed' : world.chats.window(message.chat, message.at);
		if (window === 'closed' || (window === 'unknown' && faults.window === 'strict')) return failureOf(131047);
	}
	return mediaMisfortune(world, message);
}

function mediaMisfortune(world: World, message: ChatMessage): ChatMessage['failure'] {
	const { id, link } = message.content as { id?: unknown; link?: unknown };
	if (typeof link === 'string' && !URL.canParse(link)) {
		return failureOf(131053, 'Downloading media from weblink failed: the link is not a valid URL.');
	}
	const media = typeof id === 'string' && message.kind !== 'interactive' ? world.media.get(id) : null;
	if (media && !fits(message.kind, media.mime_type)) {
		return failureOf(131053, `Media of type ${media.mime_type} cannot be sent as ${message.kind}.`);
	}
	return null;
}

/**
 * Takes an accepted message through its life: sent, delivered when the phone is on, read when the chat is looked at or
 * the person reads by themselves; or failed. The window is judged now, before the message itself is part of the chat.
 */
export async function deliver(world: World, customer: Customer, message: ChatMessage): Promise<void> {
	const failure = misfortune(world, customer, message);
	if (failure) {
		world.clock.after(world.random.between('failed', world.delays.failed), () => {
			message.failure = failure;
			reach(world, message, 'failed');
		});
		return;
	}
	if (world.random.happens('early_status', world.faults().early_status)) {
		await sendEarly(world, message);
		return;
	}
	world.clock.after(world.random.between('sent', world.delays.sent), () => send(world, message));
}

/** Goes on with messages an earlier process had accepted. */
export function resumeDeliveries(world: World): void {
	for (const message of world.chats.unfinished()) {
		if (message.status === 'accepted') world.clock.after(world.delays.sent[1], () => send(world, message));
		else arrive(world, message);
	}
}

async function sendEarly(world: World, message: ChatMessage): Promise<void> {
	const found = parties(world, message);
	if (!found) return;
	message.status = 'sent';
	message.pricing = pricingOf(world, message);
	world.chats.changed(message);
	await world.outbox.rush(found.business, statusReport(world, found.business, found.customer, message, 'sent'));
	arrive(world, message);
}

function send(world: World, message: ChatMessage): void {
	if (reach(world, message, 'sent')) arrive(world, message);
}

/** The message reaches the phone if it is on. */
export function arrive(world: World, message: ChatMessage): void {
	const found = parties(world, message);
	if (!found?.customer.online) return;
	world.clock.after(world.random.between('delivered', world.delays.delivered), () => {
		const now = parties(world, message);
		if (!now?.customer.online || !reach(world, message, 'delivered')) return;
		if (now.customer.auto_read_ms !== null) {
			world.clock.after(now.customer.auto_read_ms, () => reach(world, message, 'read'));
		} else if (world.events.isLookedAt(message.chat)) readSoon(world, message.chat);
	});
}

/** The person looks at the chat: everything delivered there is read in a moment. Reactions aren't read. */
export function readSoon(world: World, chat: string): void {
	world.clock.after(world.random.between('read', world.delays.read), () => readNow(world, chat));
}

/** The person has read the chat. The ids of what that changed. */
export function readNow(world: World, chat: string): string[] {
	const read: string[] = [];
	for (const message of world.chats.of(chat)) {
		if (message.direction !== 'out' || message.history || message.status !== 'delivered') continue;
		if (reach(world, message, 'read')) read.push(message.id);
	}
	return read;
}

/** The person has listened to a voice message. */
export function played(world: World, message: ChatMessage): boolean {
	return reach(world, message, 'played');
}

/** The phone is on again: what waited arrives. */
export function backOnline(world: World, customer: Customer): void {
	for (const message of world.chats.unfinished()) {
		if (message.status === 'sent' && splitChatKey(message.chat).customer === customer.id) arrive(world, message);
	}
}
