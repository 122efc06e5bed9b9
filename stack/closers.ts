type Close = () => Promise<void>;

/** What has been started and how to stop it, newest first. */
export class Closers {
	#stack: { name: string; close: Close }[] = [];
	#closing: Promise<void> | null = null;

	get closing(): boolean {
		return this.#closing !== null;
	}

	add(name: string, close: Close): void {
		this.#stack.push({ name, close });
	}

	/** Stops everything one after another; a part that fails to stop is named by `say` and does not hold up the rest. */
	close(say: (sentence: string) => void): Promise<void> {
		this.#closing ??= this.#run(say);
		return this.#closing;
	}

	async #run(say: (sentence: string) => void): Promise<void> {
		for (let part = this.#stack.pop(); part; part = this.#stack.pop()) {
			try {
				await part.close();
			} catch (error) {
				say(`The ${part.name} did not stop as it should: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	}
}
