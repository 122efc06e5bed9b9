import type { Message } from '../database.ts';
import { about } from './timeline.ts';

/**
 * Where reading stopped. It is marked while one looks, moves to where one stops again (the page out of sight, the end out
 * of view, the line gone) once something new is there, and goes when one answers.
 */
export class Reading {
	#after = $state<number | null>(null);
	/** The newest place when one looked away; null while one looks. */
	#stopped: number | null = null;
	/** The mark was in sight, so that there is no need to be taken there. */
	seen = $state(false);

	constructor({ unread_count, read_seq }: { unread_count: number; read_seq: number }) {
		if (unread_count > 0) this.#after = read_seq;
	}

	/** What comes behind this place is new; null while nothing is. */
	get after(): number | null {
		return this.#after;
	}

	/** What comes from now on is not seen as it comes. */
	away(lastSeq: number) {
		this.#stopped ??= lastSeq;
	}

	back() {
		this.#stopped = null;
	}

	/** Looks for something new since one looked away. What was not read before that keeps its mark. */
	look(messages: readonly Message[], readSeq: number) {
		const stopped = this.#stopped;
		if (stopped === null || this.#after === stopped || (this.#after !== null && readSeq < stopped)) return;
		if (!messages.some(({ seq, direction, kind }) => seq > stopped && direction === 'in' && !about.has(kind))) return;
		this.#after = stopped;
		this.seen = false;
	}

	/** Who answers has read what is there, though they looked away a moment ago. */
	answered(lastSeq: number) {
		this.#after = null;
		if (this.#stopped !== null) this.#stopped = lastSeq;
	}
}
