import { decryptSecret, type Encrypted, type SecretKeys } from '@prosa/core/secrets/secrets.ts';

/** The secrets that prove who knocks at a tenant's own app; null where none is set. */
export interface DoorSecrets {
	app_secret: string | null;
	verify_token: string | null;
}

export type SecretRow = Encrypted & { name: string };

const KEPT_FOR = 60_000;
const MOST_KEPT = 10_000;

/**
 * Looks up a channel's own secrets, decrypts them and keeps them for a minute (also that there are none, so that
 * guessing ids costs one query each). Null: no such channel, or it has no app of its own. Rejects when the database is
 * away or a secret does not decrypt; that is not kept.
 */
export class ChannelSecrets {
	#kept = new Map<string, { until: number; secrets: Promise<DoorSecrets | null> }>();
	readonly #fetch: (channel: string) => Promise<SecretRow[]>;
	readonly #keys: () => Promise<SecretKeys>;
	readonly #now: () => number;

	constructor(fetch: (channel: string) => Promise<SecretRow[]>, keys: () => Promise<SecretKeys>, now = Date.now) {
		this.#fetch = fetch;
		this.#keys = keys;
		this.#now = now;
	}

	of(channel: string): Promise<DoorSecrets | null> {
		const known = this.#kept.get(channel);
		if (known && known.until > this.#now()) return known.secrets;
		if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
		const secrets = this.#load(channel);
		this.#kept.set(channel, { until: this.#now() + KEPT_FOR, secrets });
		secrets.catch(() => this.#kept.delete(channel));
		return secrets;
	}

	async #load(channel: string): Promise<DoorSecrets | null> {
		const rows = await this.#fetch(channel);
		if (rows.length === 0) return null;
		const keys = await this.#keys();
		const open = async (name: string) => {
			const row = rows.find((row) => row.name === name);
			return row ? decryptSecret(keys, row, `${channel}:${name}`) : null;
		};
		return { app_secret: await open('app_secret'), verify_token: await open('verify_token') };
	}
}
