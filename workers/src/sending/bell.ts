/** Wakes whoever waits. Rung while nobody waits, the next wait ends at once. */
export class Bell {
	#rung = false;
	#answer: (() => void) | null = null;

	ring(): void {
		this.#rung = true;
		this.#answer?.();
	}

	/** Resolves when it rings, and at the latest after so long. */
	async wait(ms: number): Promise<void> {
		if (!this.#rung) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, ms);
				this.#answer = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.#rung = false;
		this.#answer = null;
	}
}
