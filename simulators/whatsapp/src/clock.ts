/** Time as the simulator sees it. Tests hand in their own to pass five minutes or twenty-five hours at once. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Runs `run` once after `ms`; the answer cancels it. */
	after(ms: number, run: () => void): () => void;
}

/** The machine's own clock. Its timers don't keep the process alive: the listening server does. */
export const systemClock: Clock = {
	now: () => Date.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		timer.unref();
		return () => clearTimeout(timer);
	}
};

/** A clock that runs at the machine's pace but whose reading can be moved ahead. */
export class ShiftedClock implements Clock {
	#shift = 0;

	now(): number {
		return Date.now() + this.#shift;
	}

	after(ms: number, run: () => void): () => void {
		return systemClock.after(ms, run);
	}

	/** Moves the reading ahead; running timers are left alone. */
	advance(ms: number): void {
		this.#shift += ms;
	}
}
