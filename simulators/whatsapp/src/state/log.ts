import type { Clock } from '../clock.ts';
import type { Events } from './events.ts';

/** One exchange: a call that reached the Graph API, or a webhook that left. */
export interface LogEntry {
	id: number;
	at: string;
	direction: 'graph' | 'webhook';
	method: string;
	path: string;
	/** HTTP status; 0 when no answer came. */
	status: number;
	ms: number;
	/** In a few words what was carried: `text`, `sent`, `sent, delivered`. */
	summary: string;
	/** Webhooks: which attempt this was, from 1. */
	attempt: number;
	/** Which switched-on fault had a hand in it, if any. */
	fault: string | null;
	error: string | null;
	request: unknown;
	response: unknown;
}

const KEPT = 500;

/** The last exchanges, newest last. */
export class Log {
	readonly #entries: LogEntry[] = [];
	readonly #clock: Clock;
	readonly #events: Events;
	#nextId = 1;

	constructor(clock: Clock, events: Events) {
		this.#clock = clock;
		this.#events = events;
	}

	add(entry: Omit<LogEntry, 'id' | 'at'>): void {
		const kept: LogEntry = { id: this.#nextId++, at: new Date(this.#clock.now()).toISOString(), ...entry };
		this.#entries.push(kept);
		if (this.#entries.length > KEPT) this.#entries.shift();
		const { request: _request, response: _response, ...line } = kept;
		this.#events.publish('log', line);
	}

	/** Entries after an id, optionally of one direction. */
	since(id: number, direction?: LogEntry['direction']): LogEntry[] {
		return this.#entries.filter((entry) => entry.id > id && (!direction || entry.direction === direction));
	}

	clear(): void {
		this.#entries.length = 0;
	}
}
