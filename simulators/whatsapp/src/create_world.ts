import type { Clock } from './clock.ts';
import { MediaShelf } from './media/shelf.ts';
import type { SimulatorOptions } from './options.ts';
import { SeededRandom } from './random.ts';
import { Limits } from './sending/limits.ts';
import { Quota } from './sending/quota.ts';
import { demoBusinesses, type Business } from './state/business.ts';
import { Chats } from './state/chats.ts';
import { Counters } from './state/counters.ts';
import { Directory } from './state/directory.ts';
import { Events } from './state/events.ts';
import { noFaults, type Faults } from './state/faults.ts';
import { Journal } from './state/journal.ts';
import { Log } from './state/log.ts';
import { splitChatKey } from './state/message.ts';
import { Platform } from './state/platform.ts';
import { demoTemplates } from './state/demo_templates.ts';
import { Templates } from './state/templates.ts';
import { Outbox } from './webhook/outbox.ts';
import { metaRetry } from './webhook/retry.ts';
import { realisticDelays, type World } from './world.ts';

/** Puts the parts together. */
export function createWorld(options: SimulatorOptions, clock: Clock): World {
	const { seed = 1, stateDir = null, appSecret = '', webhookUrl = null } = options;
	const delays = { ...realisticDelays, ...options.delays };
	const journal = new Journal(stateDir);
	const events = new Events();
	const log = new Log(clock, events);
	const random = new SeededRandom(seed);
	const directory = new Directory(journal, events);
	const chats = new Chats(journal, events);
	const businesses = new Map<string, Business>();
	for (const business of options.businesses ?? demoBusinesses) businesses.set(business.phone_number_id, business);
	for (const business of journal.all<Business>('business')) businesses.set(business.phone_number_id, business);
	const unsubscribed = new Set<string>();
	let faults: Faults = { ...noFaults(), ...options.faults };

	const outbox = new Outbox({
		clock,
		random,
		journal,
		log,
		faults: () => faults,
		retry: { ...metaRetry, ...options.retry },
		timeoutMs: options.timeoutMs ?? 20_000,
		holdBackMs: delays.holdBack,
		businessOf: (id) => businesses.get(id) ?? null,
		destinationOf(business) {
			const url = business.webhook_url ?? webhookUrl;
			if (url === null || unsubscribed.has(business.waba_id)) return null;
			return { url, secret: business.app_secret ?? appSecret };
		},
		onDelivered(delivered) {
			for (const chat of delivered) markDelivered(chats, chat);
		}
	});
	const limits = new Limits(clock, () => faults);
	const quota = new Quota(clock);
	const counters = new Counters(journal);
	const media = new MediaShelf(clock, journal, stateDir);
	const platform = new Platform(journal);
	const templates = new Templates(journal, events, demoTemplates);

	return {
		clock,
		random,
		delays,
		journal,
		log,
		events,
		directory,
		chats,
		counters,
		media,
		templates,
		platform,
		limits,
		quota,
		outbox,
		seed,
		businesses: () => [...businesses.values()],
		businessOf: (id) => businesses.get(id) ?? null,
		addBusiness(business) {
			businesses.set(business.phone_number_id, business);
			journal.put('business', business.phone_number_id, business);
			events.publish('businesses', {});
		},
		faults: () => faults,
		setFaults(changed) {
			faults = changed;
			events.publish('faults', faults);
			outbox.wake();
		},
		subscription: (wabaId) => !unsubscribed.has(wabaId),
		subscribe(wabaId, on) {
			if (on) unsubscribed.delete(wabaId);
			else unsubscribed.add(wabaId);
		},
		reset() {
			outbox.clear();
			media.reset();
			journal.clear();
			for (const business of businesses.values()) {
				if (!(options.businesses ?? demoBusinesses).includes(business))
					journal.put('business', business.phone_number_id, business);
			}
			chats.reset();
			counters.reset();
			directory.reset();
			templates.reset();
			platform.reset();
			limits.reset();
			quota.reset();
			log.clear();
			random.reseed(seed);
			faults = { ...noFaults(), ...options.faults };
			events.publish('reset', {});
		}
	};
}

/** The business has the customer's messages: two ticks on their phone. */
function markDelivered(chats: Chats, chat: string): void {
	if (splitChatKey(chat).customer === '') return;
	for (const message of chats.of(chat)) {
		if (message.direction !== 'in' || message.status !== 'sent') continue;
		message.status = 'delivered';
		chats.changed(message);
	}
}
