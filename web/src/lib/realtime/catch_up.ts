import { backoff } from './backoff.ts';

/**
 * Reads what was missed, again until it succeeds: what fails is not forgotten, because nobody may ever ask again. One
 * reading at a time; whoever asks meanwhile gets one more after it.
 */
export class CatchUp {
	#read: () => Promise<void>;
	#running = false;
	#wanted = false;
	#stopped = false;
	#failures = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(read: () => Promise<void>) {
		this.#read = read;
	}

	/** Asks for a reading, at once also where a failed one waits to be tried again. */
	ask() {
		this.#stopped = false;
		this.#wanted = true;
		clearTimeout(this.#timer);
		if (!this.#running) void this.#run();
	}

	/** Lets go of what was asked for. */
	stop() {
		this.#stopped = true;
		this.#wanted = false;
		clearTimeout(this.#timer);
	}

	async #run() {
		this.#running = true;
		while (this.#wanted) {
			this.#wanted = false;
			try {
				await this.#read();
				this.#failures = 0;
			} catch {
				// Asked anew meanwhile, it goes on at once.
				if (!this.#wanted) this.#again();
			}
		}
		this.#running = false;
	}

	#again() {
		if (this.#stopped) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.ask(), backoff(this.#failures++));
	}
}
