import { getContext, setContext } from 'svelte';
import { SUPABASE_ANON_KEY, SUPABASE_URL } from '$app/env/public';
import { BrowserClient } from './browser_client.ts';

/** A token is renewed this long before it ends, so that none ends on its way. */
const marginMs = 60_000;
const retryMs = 5_000;

interface Token {
	value: string;
	expiresAt: number;
}

/**
 * The signed-in person's way to Supabase from the browser. It holds only the short access token and asks the web
 * server for the next one; the refresh token stays in an httpOnly cookie. Made once a page, handed down by context.
 */
export class Session {
	#client: BrowserClient | null = null;
	#token: Token | null = null;
	#asking: Promise<string> | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#onended: () => void;

	/** `onended` is called when the server says that nobody is signed in any more. */
	constructor(onended: () => void) {
		this.#onended = onended;
	}

	/** Made when first asked for: the server draws the page too, and has nothing to ask in a browser's name. */
	get client(): BrowserClient {
		return (this.#client ??= new BrowserClient(SUPABASE_URL, SUPABASE_ANON_KEY, () => this.token()));
	}

	/** A token that holds for at least a minute. Throws when the server can't be reached and the last one has ended. */
	async token(): Promise<string> {
		if (this.#token && this.#token.expiresAt - marginMs > Date.now()) return this.#token.value;
		this.#asking ??= this.#ask().finally(() => (this.#asking = null));
		return this.#asking;
	}

	/** Uploads a file to Storage and tells how far it has got, which `fetch` can't. */
	async putFile(
		bucket: string,
		path: string,
		body: Blob,
		type: string,
		options: { onprogress: (part: number) => void; signal: AbortSignal }
	): Promise<void> {
		const [{ put }, token] = await Promise.all([import('#lib/composer/files/put.ts'), this.token()]);
		const name = path.split('/').map(encodeURIComponent).join('/');
		await put({
			url: `${SUPABASE_URL}/storage/v1/object/${bucket}/${name}`,
			headers: { authorization: `Bearer ${token}`, apikey: SUPABASE_ANON_KEY, 'content-type': type },
			body,
			...options
		});
	}

	/** Gives realtime the token before the first subscribe, and every later one before the last ends. */
	async keepAlive(): Promise<void> {
		clearTimeout(this.#timer);
		try {
			await this.token();
			await this.client.realtime.setAuth();
			const left = (this.#token?.expiresAt ?? 0) - marginMs - Date.now();
			this.#timer = setTimeout(() => void this.keepAlive(), Math.max(left, 1_000));
		} catch {
			this.#timer = setTimeout(() => void this.keepAlive(), retryMs);
		}
	}

	async end(): Promise<void> {
		clearTimeout(this.#timer);
		await this.#client?.realtime.removeAllChannels();
		await this.#client?.realtime.disconnect();
	}

	async #ask(): Promise<string> {
		try {
			const response = await fetch('/session', { headers: { accept: 'application/json' } });
			if (response.status === 401) {
				this.#onended();
				throw new Error('not_signed_in');
			}
			if (!response.ok) throw new Error(`session answered ${response.status}`);
			const { access_token: value, expires_at: expiresAt }: { access_token: string; expires_at: number } =
				await response.json();
			this.#token = { value, expiresAt: expiresAt * 1000 };
			return value;
		} catch (problem) {
			if (this.#token && this.#token.expiresAt > Date.now()) return this.#token.value;
			throw problem;
		}
	}
}

const key = Symbol('session');
export const setSession = (session: Session) => setContext(key, session);
export const getSession = () => getContext<Session>(key);
