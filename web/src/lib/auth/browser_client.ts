import { PostgrestClient } from '@supabase/postgrest-js';
import { RealtimeClient } from '@supabase/realtime-js';
import type { Database } from '#lib/database.ts';
import { backoff } from '#lib/realtime/backoff.ts';
import type { Client } from './client.ts';

/**
 * The browser's way to Supabase, made of its parts for rows and realtime. supabase-js brings its auth, storage and
 * functions clients along, 28 kB compressed of which nothing is used here: the session is the web server's, and a
 * file or a function is one `fetch`.
 */
export class BrowserClient implements Client {
	readonly from: Client['from'];
	readonly rpc: Client['rpc'];
	readonly channel: Client['channel'];
	readonly removeChannel: Client['removeChannel'];
	readonly realtime: RealtimeClient;
	readonly url: string;

	#key: string;
	#token: () => Promise<string>;

	/** `token` gives a token that holds, and throws when there is none to be had. */
	constructor(url: string, key: string, token: () => Promise<string>) {
		this.url = url;
		this.#key = key;
		this.#token = token;
		const rest = new PostgrestClient<Database>(`${url}/rest/v1`, { fetch: this.#fetch });
		this.from = rest.from.bind(rest) as Client['from'];
		this.rpc = rest.rpc.bind(rest) as Client['rpc'];
		this.realtime = new RealtimeClient(`${url.replace(/^http/, 'ws')}/realtime/v1`, {
			params: { apikey: key },
			accessToken: token,
			fetch: this.#fetch,
			heartbeatIntervalMs: 15_000,
			reconnectAfterMs: (tries) => backoff(tries)
		});
		this.channel = (name, options = { config: {} }) => this.realtime.channel(name, options);
		this.removeChannel = (channel) => this.realtime.removeChannel(channel);
	}

	/** Posts to another part of Supabase, such as `storage/v1/…` or `functions/v1/…`, in the person's name. */
	post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
		return this.#fetch(`${this.url}/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			...(signal ? { signal } : {})
		});
	}

	#fetch: typeof fetch = async (input, init) => {
		const token = await this.#token();
		const headers = new Headers(init?.headers);
		headers.set('apikey', this.#key);
		headers.set('authorization', `Bearer ${token}`);
		return fetch(input, { ...init, headers });
	};
}
