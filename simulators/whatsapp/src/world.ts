import type { Clock } from './clock.ts';
import type { MediaShelf } from './media/shelf.ts';
import type { SeededRandom } from './random.ts';
import type { Limits } from './sending/limits.ts';
import type { Quota } from './sending/quota.ts';
import type { Business } from './state/business.ts';
import type { Chats } from './state/chats.ts';
import type { Counters } from './state/counters.ts';
import type { Directory } from './state/directory.ts';
import type { Events } from './state/events.ts';
import type { Faults } from './state/faults.ts';
import type { Journal } from './state/journal.ts';
import type { Platform } from './state/platform.ts';
import type { Log } from './state/log.ts';
import type { Templates } from './state/templates.ts';
import type { Outbox } from './webhook/outbox.ts';

type Range = readonly [number, number];

/** How long things take, in milliseconds, each drawn between two bounds. */
export interface Delays {
	sent: Range;
	delivered: Range;
	read: Range;
	failed: Range;
	holdBack: Range;
	/** How long Meta looks at a template. */
	review: Range;
	/** By how much the Graph API is slower in a slow outage. */
	outage: Range;
}

/** As one sees them on a good mobile connection. */
export const realisticDelays: Delays = {
	sent: [80, 250],
	delivered: [120, 500],
	read: [500, 1_200],
	failed: [300, 900],
	holdBack: [1_500, 4_000],
	review: [2_000, 4_000],
	outage: [10_000, 10_000]
};

/** Everything a handler may need: one simulated WhatsApp. */
export interface World {
	readonly clock: Clock;
	readonly random: SeededRandom;
	readonly delays: Delays;
	readonly journal: Journal;
	readonly log: Log;
	readonly events: Events;
	readonly directory: Directory;
	readonly chats: Chats;
	readonly counters: Counters;
	readonly media: MediaShelf;
	readonly templates: Templates;
	/** Tokens, numbers and what of managing them fails on purpose. */
	readonly platform: Platform;
	readonly limits: Limits;
	readonly quota: Quota;
	readonly outbox: Outbox;
	readonly seed: number;
	businesses(): readonly Business[];
	businessOf(phoneNumberId: string): Business | null;
	addBusiness(business: Business): void;
	faults(): Faults;
	setFaults(faults: Faults): void;
	/** Accounts whose webhooks an app has asked for; all of them on a fresh simulator. */
	subscription(wabaId: string): boolean;
	subscribe(wabaId: string, on: boolean): void;
	/** Back to a fresh simulator: demo people, no messages, no faults. */
	reset(): void;
}
