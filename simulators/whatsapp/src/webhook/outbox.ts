import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import type { Business } from '../state/business.ts';
import type { Faults } from '../state/faults.ts';
import type { Journal } from '../state/journal.ts';
import type { Log } from '../state/log.ts';
import { envelope, type Report } from './envelope.ts';
import { post, type PostResult } from './post.ts';
import { nextRetry, type RetryPlan } from './retry.ts';

/** A report that waits for its time. */
interface Waiting {
	id: string;
	phone_number_id: string;
	report: Report;
	due: number;
}

/** A body on its way: the same bytes at every attempt. */
interface Letter {
	id: string;
	phone_number_id: string;
	body: string;
	summary: string;
	chats: string[];
	attempts: number;
	created_at: number;
	due: number;
}

export interface Destination {
	url: string;
	secret: string;
}

export interface OutboxOptions {
	clock: Clock;
	random: SeededRandom;
	journal: Journal;
	log: Log;
	faults: () => Faults;
	retry: RetryPlan;
	/** How long an answer is waited for. */
	timeoutMs: number;
	/** A report held back by a fault comes this much later. */
	holdBackMs: readonly [number, number];
	businessOf(phoneNumberId: string): Business | null;
	/** Null where nobody subscribed: then nothing is sent. */
	destinationOf(business: Business): Destination | null;
	/** A body was answered with 200 for the first time. */
	onDelivered(chats: readonly string[]): void;
}

/** Meta puts up to a thousand reports in one body; a hundred show the same thing. */
const MOST_PER_LETTER = 100;
/** A door that comes back from an outage isn't met by everything at once. */
const MOST_FLYING = 16;

/**
 * The webhooks' way out. Reports that are due together and go to the same place share one body; those of one chat go one
 * after another as long as no fault or retry intervenes. Anything but a 200 is tried again, with the same bytes, later
 * and later.
 */
export class Outbox {
	readonly #options: OutboxOptions;
	readonly #waiting = new Map<string, Waiting>();
	readonly #letters = new Map<string, Letter>();
	/** Chats with a first attempt in flight. */
	readonly #busy = new Set<string>();
	readonly #flying = new Set<Promise<void>>();
	readonly #ending = new AbortController();
	#cancelTimer: (() => void) | null = null;
	#arming = false;
	#closed = false;

	constructor(options: OutboxOptions) {
		this.#options = options;
		for (const waiting of options.journal.all<Waiting>('waiting')) this.#waiting.set(waiting.id, waiting);
		// Whatever was in flight when the process ended is tried again: at least once, not at most once.
		const now = options.clock.now();
		for (const letter of options.journal.all<Letter>('letter')) this.#letters.set(letter.id, { ...letter, due: now });
	}

	/** Sends what an earlier process left behind. */
	resume(): void {
		this.#arm();
	}

	/** Hands over a report to be sent now, or later where a fault says so. */
	add(business: Business, report: Report): void {
		const faults = this.#options.faults();
		const { random, clock } = this.#options;
		let due = clock.now();
		if (random.happens('slow', faults.slow)) due += faults.slow_ms;
		if (random.happens('out_of_order', faults.out_of_order))
			due += random.between('hold_back', this.#options.holdBackMs);
		const waiting: Waiting = { id: randomUUID(), phone_number_id: business.phone_number_id, report, due };
		this.#waiting.set(waiting.id, waiting);
		this.#options.journal.put('waiting', waiting.id, waiting);
		this.#arm();
	}

	/** Sends a report at once, past every queue; resolves when its first attempt is over. */
	async rush(business: Business, report: Report): Promise<void> {
		const letter = this.#write([{ business, report }]);
		await this.#attempt(letter, 'early_status');
	}

	/** Lets due reports go, for when a pause has ended. */
	wake(): void {
		this.#arm();
	}

	/** How much is on its way or waits. */
	pending(): number {
		return this.#waiting.size + this.#letters.size;
	}

	clear(): void {
		for (const id of this.#waiting.keys()) this.#options.journal.forget('waiting', id);
		for (const id of this.#letters.keys()) this.#options.journal.forget('letter', id);
		this.#waiting.clear();
		this.#letters.clear();
		this.#busy.clear();
	}

	async close(): Promise<void> {
		this.#closed = true;
		this.#cancelTimer?.();
		// What is in flight stays in the journal and is tried again after the next start.
		this.#ending.abort();
		await Promise.all(this.#flying);
	}

	/** Sets the timer for what is due next; once a turn of the event loop, however much was added in it. */
	#arm(): void {
		if (this.#arming || this.#closed) return;
		this.#arming = true;
		setImmediate(() => {
			this.#arming = false;
			this.#setTimer();
		});
	}

	#setTimer(): void {
		this.#cancelTimer?.();
		this.#cancelTimer = null;
		if (this.#closed || this.#options.faults().paused || this.#flying.size >= MOST_FLYING) return;
		let next = Infinity;
		for (const waiting of this.#waiting.values()) {
			if (waiting.due < next && !this.#isBusy(waiting)) next = waiting.due;
		}
		for (const letter of this.#letters.values()) next = Math.min(next, letter.due);
		if (next === Infinity) return;
		const wait = Math.max(0, next - this.#options.clock.now());
		this.#cancelTimer = this.#options.clock.after(Math.min(wait, 60_000), () => this.#flush());
	}

	#isBusy({ report }: Waiting): boolean {
		return report.chat !== null && this.#busy.has(report.chat);
	}

	#flush(): void {
		if (this.#closed || this.#options.faults().paused) return;
		const now = this.#options.clock.now();
		for (const letter of [...this.#letters.values()]) {
			if (this.#flying.size >= MOST_FLYING) return;
			if (letter.due <= now) this.#launch(letter);
		}
		const byPlace = new Map<string, { waiting: Waiting; business: Business }[]>();
		const due = [...this.#waiting.values()].filter((waiting) => waiting.due <= now && !this.#isBusy(waiting));
		due.sort((one, other) => one.due - other.due);
		for (const waiting of due) {
			const business = this.#options.businessOf(waiting.phone_number_id);
			const place = business && this.#options.destinationOf(business);
			if (!business || !place) {
				this.#forget(waiting);
				continue;
			}
			const group = byPlace.get(place.url) ?? [];
			group.push({ waiting, business });
			byPlace.set(place.url, group);
		}
		for (const group of byPlace.values()) {
			const batch = group.slice(0, MOST_PER_LETTER);
			for (const { waiting } of batch) this.#forget(waiting);
			this.#launch(this.#write(batch.map(({ waiting, business }) => ({ business, report: waiting.report }))));
		}
		this.#arm();
	}

	#forget(waiting: Waiting): void {
		this.#waiting.delete(waiting.id);
		this.#options.journal.forget('waiting', waiting.id);
	}

	#write(reports: { business: Business; report: Report }[]): Letter {
		const now = this.#options.clock.now();
		const letter: Letter = {
			id: randomUUID(),
			phone_number_id: reports[0]?.business.phone_number_id ?? '',
			body: envelope(reports),
			summary: reports.map(({ report }) => report.summary).join(', '),
			chats: [...new Set(reports.flatMap(({ report }) => (report.chat === null ? [] : [report.chat])))],
			attempts: 0,
			created_at: now,
			due: now
		};
		this.#keep(letter);
		return letter;
	}

	#keep(letter: Letter): void {
		this.#letters.set(letter.id, letter);
		this.#options.journal.put('letter', letter.id, letter);
	}

	#drop(letter: Letter): void {
		this.#letters.delete(letter.id);
		this.#options.journal.forget('letter', letter.id);
	}

	#launch(letter: Letter): void {
		const flight = this.#attempt(letter, null).finally(() => {
			this.#flying.delete(flight);
			this.#arm();
		});
		this.#flying.add(flight);
	}

	async #attempt(letter: Letter, fault: string | null): Promise<void> {
		const { clock, random, retry } = this.#options;
		const first = letter.attempts === 0;
		letter.attempts++;
		letter.due = Infinity;
		if (first) for (const chat of letter.chats) this.#busy.add(chat);
		const lost = first && random.happens('dropped', this.#options.faults().dropped);
		const result = await this.#post(letter, lost ? 'dropped' : fault);
		if (first) for (const chat of letter.chats) this.#busy.delete(chat);
		if (result.status === 200) {
			this.#drop(letter);
			this.#options.onDelivered(letter.chats);
			if (random.happens('twice', this.#options.faults().twice)) this.#repeat(letter);
		} else {
			const wait = nextRetry(retry, letter.attempts, clock.now() - letter.created_at);
			if (wait === null) this.#drop(letter);
			else if (this.#letters.has(letter.id)) this.#keep({ ...letter, due: clock.now() + wait });
		}
		this.#arm();
	}

	/** The very same body once more, a moment later: at least once is all Meta promises. */
	#repeat(letter: Letter): void {
		const wait = this.#options.random.between('twice_after', [0, 250]);
		this.#options.clock.after(wait, () => {
			if (this.#closed) return;
			const flight: Promise<void> = this.#post({ ...letter, attempts: letter.attempts + 1 }, 'twice')
				.then(() => undefined)
				.finally(() => this.#flying.delete(flight));
			this.#flying.add(flight);
		});
	}

	async #post(letter: Letter, fault: string | null): Promise<PostResult> {
		const business = this.#options.businessOf(letter.phone_number_id);
		const place = business && this.#options.destinationOf(business);
		const result =
			!place || fault === 'dropped'
				? { status: 0, ms: 0, error: place ? 'lost on the way' : 'nobody subscribed' }
				: await post(
						place.url,
						letter.body,
						place.secret,
						AbortSignal.any([this.#ending.signal, AbortSignal.timeout(this.#options.timeoutMs)])
					);
		this.#options.log.add({
			direction: 'webhook',
			method: 'POST',
			path: place?.url ?? '',
			status: result.status,
			ms: result.ms,
			summary: letter.summary,
			attempt: letter.attempts,
			fault,
			error: result.error,
			request: JSON.parse(letter.body) as unknown,
			response: null
		});
		return result;
	}
}
