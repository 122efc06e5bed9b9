interface Rider<In, Out> {
	asked: In;
	resolve: (answer: Out) => void;
	reject: (reason: unknown) => void;
}

/**
 * Has calls that come in while one is under way ride the next one together: none waits longer than it would have, and a
 * hundred at once are a few. Where riding together fails, each goes by itself, so that one can't take the others with it.
 */
export class Rides<In, Out> {
	readonly #go: (asked: In[]) => Promise<Out[]>;
	readonly #most: number;
	#waiting: Rider<In, Out>[] = [];
	#under = false;

	constructor(go: (asked: In[]) => Promise<Out[]>, most: number) {
		this.#go = go;
		this.#most = most;
	}

	take(asked: In): Promise<Out> {
		const { promise, resolve, reject } = Promise.withResolvers<Out>();
		this.#waiting.push({ asked, resolve, reject });
		if (!this.#under) {
			this.#under = true;
			// Who asks in the same moment rides along.
			setImmediate(() => void this.#leave());
		}
		return promise;
	}

	async #leave(): Promise<void> {
		while (this.#waiting.length > 0) {
			const riders = this.#waiting.splice(0, this.#most);
			try {
				const answers = await this.#go(riders.map(({ asked }) => asked));
				riders.forEach(({ resolve }, place) => resolve(answers[place] as Out));
			} catch (error) {
				if (riders.length === 1) riders[0]?.reject(error);
				else await Promise.all(riders.map((rider) => this.#alone(rider)));
			}
		}
		this.#under = false;
	}

	async #alone({ asked, resolve, reject }: Rider<In, Out>): Promise<void> {
		try {
			resolve((await this.#go([asked]))[0] as Out);
		} catch (error) {
			reject(error);
		}
	}
}
