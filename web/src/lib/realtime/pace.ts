/**
 * Lets so many calls through in any window and the newest of the others when there is room again: what is told late is
 * still true then. Realtime closes a channel that tells its presence more often than it allows.
 */
export class Pace {
	#run: () => void;
	#calls: number;
	#windowMs: number;
	#times: number[] = [];
	#waiting: ReturnType<typeof setTimeout> | undefined;

	/** `run` reads what is to be told when it is called. */
	constructor(run: () => void, calls: number, windowMs: number) {
		this.#run = run;
		this.#calls = calls;
		this.#windowMs = windowMs;
	}

	ask() {
		if (this.#waiting !== undefined) return;
		const now = Date.now();
		this.#times = this.#times.filter((time) => time > now - this.#windowMs);
		const oldest = this.#times[0];
		if (oldest !== undefined && this.#times.length >= this.#calls) {
			this.#waiting = setTimeout(
				() => {
					this.#waiting = undefined;
					this.ask();
				},
				oldest + this.#windowMs - now
			);
			return;
		}
		this.#times.push(now);
		this.#run();
	}

	stop() {
		clearTimeout(this.#waiting);
		this.#waiting = undefined;
	}
}
