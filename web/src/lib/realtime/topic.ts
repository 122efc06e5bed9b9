import type { RealtimeChannel } from '@supabase/realtime-js';
import type { Client } from '#lib/auth/client.ts';
import { backoff } from './backoff.ts';
import type { Connection } from './connection.svelte.ts';

export interface TopicOptions {
	/** Broadcast events by name. */
	on?: Record<string, (payload: unknown) => void>;
	/** Called after every join, the first and each after a break: the place to catch up. */
	onjoin?: () => void;
	/** Called when what is told may be missed from now on. */
	onlost?: () => void;
	/** Makes the topic one of presence: our key, and everybody's state whenever it changes. */
	presence?: { key: string; onsync: (state: Record<string, unknown[]>) => void };
}

/**
 * One private channel that stays. supabase-js gives up a channel that was closed or refused, so a lost one is taken
 * away and built anew, with patience.
 */
export class Topic {
	readonly name: string;

	#client: Client;
	#connection: Connection;
	#options: TopicOptions;
	#channel: RealtimeChannel | null = null;
	#joined = false;
	#stopped = false;
	#attempt = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(client: Client, connection: Connection, name: string, options: TopicOptions) {
		this.name = name;
		this.#client = client;
		this.#connection = connection;
		this.#options = options;
		connection.report(this, false);
		this.#join();
	}

	/** What this client shows of itself to others on the topic; nothing while the topic is not joined. */
	track(state: Record<string, unknown>) {
		if (this.#joined) void this.#channel?.track(state);
	}

	/** Joins anew at once, whatever the channel believes of itself. */
	renew() {
		if (this.#stopped) return;
		this.#attempt = 0;
		void this.#rebuild();
	}

	/** After the page was out of sight: catches up, or hurries a join that was waiting. */
	check() {
		if (this.#joined) this.#options.onjoin?.();
		else this.renew();
	}

	async stop() {
		this.#stopped = true;
		clearTimeout(this.#timer);
		this.#connection.forget(this);
		await this.#leave();
	}

	#join() {
		const { on = {}, presence } = this.#options;
		const config = presence ? { private: true, presence: { key: presence.key } } : { private: true };
		const channel = this.#client.channel(this.name, { config });
		this.#channel = channel;
		for (const [event, handle] of Object.entries(on)) {
			// What is still on its way when one has left is not heard.
			channel.on('broadcast', { event }, ({ payload }) => {
				if (this.#channel === channel) handle(payload);
			});
		}
		if (presence) channel.on('presence', { event: 'sync' }, () => presence.onsync(channel.presenceState()));
		channel.subscribe((status) => {
			// A channel that was replaced may still have something to say.
			if (this.#channel !== channel || this.#stopped) return;
			if (status === 'SUBSCRIBED') this.#arrived();
			else this.#lost();
		});
	}

	#arrived() {
		this.#attempt = 0;
		this.#joined = true;
		this.#connection.report(this, true);
		this.#options.onjoin?.();
	}

	/** Whether what is told arrives. */
	get joined(): boolean {
		return this.#joined;
	}

	#lost() {
		this.#part();
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#rebuild(), backoff(this.#attempt++));
	}

	#part() {
		this.#joined = false;
		this.#connection.report(this, false);
		this.#options.onlost?.();
	}

	async #rebuild() {
		clearTimeout(this.#timer);
		this.#part();
		await this.#leave();
		if (!this.#stopped && this.#channel === null) this.#join();
	}

	async #leave() {
		const channel = this.#channel;
		this.#channel = null;
		this.#joined = false;
		if (channel) await this.#client.removeChannel(channel);
	}
}
