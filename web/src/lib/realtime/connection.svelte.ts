import { getContext, setContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import type { Topic } from './topic.ts';

/** Short gaps heal by themselves before anyone needs to know. */
const graceMs = 1_200;

/** Whether what is on the screen is live: every topic joined and the device online. */
export class Connection {
	#session: Session;
	#joined = new SvelteMap<Topic, boolean>();
	#online = $state(true);
	#shown = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** Every topic is joined. */
	readonly live = $derived(this.#online && [...this.#joined.values()].every(Boolean));
	/** The break has lasted long enough to say so. */
	readonly broken = $derived(!this.live && this.#shown);

	constructor(session: Session) {
		this.#session = session;
	}

	/** A topic tells how it is. */
	report(topic: Topic, joined: boolean) {
		this.#joined.set(topic, joined);
		this.#settle();
	}

	forget(topic: Topic) {
		this.#joined.delete(topic);
		this.#settle();
	}

	/** Follows the device. Returns what ends it. */
	watch(): () => void {
		this.#online = navigator.onLine;
		const offline = () => {
			this.#online = false;
			this.#shown = true;
		};
		const online = () => {
			this.#online = true;
			void this.#begin();
		};
		const visible = () => {
			if (document.visibilityState === 'visible') for (const topic of this.#joined.keys()) topic.check();
		};
		addEventListener('offline', offline);
		addEventListener('online', online);
		document.addEventListener('visibilitychange', visible);
		return () => {
			clearTimeout(this.#timer);
			removeEventListener('offline', offline);
			removeEventListener('online', online);
			document.removeEventListener('visibilitychange', visible);
		};
	}

	/** The socket may believe it is open while nothing passes: only a fresh one is known to be live. */
	async #begin() {
		await this.#session.client.realtime.disconnect();
		for (const topic of this.#joined.keys()) topic.renew();
		this.#settle();
	}

	#settle() {
		if (this.live) {
			clearTimeout(this.#timer);
			this.#timer = undefined;
			this.#shown = false;
		} else {
			this.#timer ??= setTimeout(() => (this.#shown = true), graceMs);
		}
	}
}

const key = Symbol('connection');
export const setConnection = (connection: Connection) => setContext(key, connection);
export const getConnection = () => getContext<Connection>(key);
