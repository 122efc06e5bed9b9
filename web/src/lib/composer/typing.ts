/** WhatsApp shows "typing…" for 25 s or until the answer comes (Cloud API, typing indicators). */
const everyMs = 20_000;

/** Tells the customer that somebody types, seldom enough to be one call for a whole answer. Failing is no matter. */
export class TypingSignal {
	#tell: () => Promise<unknown>;
	#toldAt = -Infinity;

	constructor(tell: () => Promise<unknown>) {
		this.#tell = tell;
	}

	pressed(now = Date.now()) {
		if (now - this.#toldAt < everyMs) return;
		this.#toldAt = now;
		void this.#tell().catch(() => undefined);
	}
}
