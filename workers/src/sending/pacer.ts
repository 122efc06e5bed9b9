import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { DatabaseClock } from './database_clock.ts';

/** A departure may be used so long after its time (private.take_slots). */
const VALID_MS = 18;
/** A pause after the database has not answered. */
const AGAIN_MS = 200;

const Slots = z.object({
	now_ms: z.number(),
	start_ms: z.number().nullable(),
	interval_ms: z.number().nullable(),
	count: z.number().int(),
	paused_ms: z.number()
});

/** A permission to leave now; asked again right before leaving, it says whether it is still now. */
export type Departure = () => boolean;

type Waiter = (departure: Departure | null) => void;

interface Slot {
	from: number;
	until: number;
}

/**
 * Lets the messages of one channel leave at the pace of its number, which it shares with every other worker: departures
 * are taken from the database in batches. One that this process was too busy to use is void: used late, it could make
 * one too many in somebody's second. Who waits in lane 0 leaves before anybody in lane 1.
 */
export class Pacer {
	readonly #db: Database;
	readonly #channelId: string;
	readonly #clock = new DatabaseClock();
	readonly #lanes: [Waiter[], Waiter[]] = [[], []];
	readonly #missed: () => void;
	#slots: Slot[] = [];
	#asking = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(db: Database, channelId: string, missed: () => void) {
		this.#db = db;
		this.#channelId = channelId;
		this.#missed = missed;
	}

	/** Resolves when a message of this lane may leave: at once is now. To null when the channel was paused meanwhile. */
	departure(lane: number): Promise<Departure | null> {
		return new Promise((resolve) => {
			this.#lanes[lane === 0 ? 0 : 1].push(resolve);
			this.#advance();
		});
	}

	/** Sends away everybody who waits. */
	dismiss(): void {
		for (const lane of this.#lanes) for (const waiter of lane.splice(0)) waiter(null);
	}

	#waiting(): number {
		return this.#lanes[0].length + this.#lanes[1].length;
	}

	#advance(): void {
		const now = performance.now();
		while (this.#slots[0] && this.#slots[0].until < now) {
			this.#slots.shift();
			this.#missed();
		}
		while (this.#slots[0] && this.#slots[0].from <= now && this.#waiting() > 0) {
			const { until } = this.#slots[0];
			this.#slots.shift();
			(this.#lanes[0].shift() ?? this.#lanes[1].shift())?.(() => this.#holds(until));
		}
		if (this.#waiting() > this.#slots.length) void this.#ask();
		clearTimeout(this.#timer);
		const next = this.#slots[0];
		if (next && this.#waiting() > 0) {
			this.#timer = setTimeout(() => this.#advance(), Math.max(0, next.from - now));
		}
	}

	#holds(until: number): boolean {
		const holds = performance.now() <= until;
		if (!holds) this.#missed();
		return holds;
	}

	async #ask(): Promise<void> {
		if (this.#asking) return;
		this.#asking = true;
		let pause = 0;
		try {
			await this.#take(this.#waiting() - this.#slots.length);
		} catch {
			pause = AGAIN_MS;
		}
		this.#asking = false;
		if (pause > 0) setTimeout(() => this.#advance(), pause);
		else this.#advance();
	}

	async #take(wanted: number): Promise<void> {
		const asked = performance.now();
		const [row] = await answered(this.#db`select * from private.take_slots(${this.#channelId}, ${wanted})`);
		const { now_ms, start_ms, interval_ms, count, paused_ms } = Slots.parse(row);
		this.#clock.learn(asked, performance.now(), now_ms);
		if (paused_ms > 0 || start_ms === null) return this.dismiss();
		for (let i = 0; i < count; i++) {
			const at = now_ms + start_ms + i * (interval_ms ?? 0);
			this.#slots.push(
				interval_ms === null ? { from: -Infinity, until: Infinity } : this.#clock.between(at, at + VALID_MS)
			);
		}
	}
}

/** The pacers of this process: one a channel, whichever shards it drains. */
export class Pacers {
	readonly #db: Database;
	readonly #missed: () => void;
	readonly #pacers = new Map<string, Pacer>();

	constructor(db: Database, missed: () => void = () => {}) {
		this.#db = db;
		this.#missed = missed;
	}

	of(channelId: string): Pacer {
		let pacer = this.#pacers.get(channelId);
		if (!pacer) this.#pacers.set(channelId, (pacer = new Pacer(this.#db, channelId, this.#missed)));
		return pacer;
	}

	dismiss(): void {
		for (const pacer of this.#pacers.values()) pacer.dismiss();
	}
}
