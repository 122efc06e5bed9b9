import { encryptSecret, readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import type { Database } from '../database/database.ts';

const MAIN = path.join(import.meta.dirname, '../../workers/src/main.ts');
const SECRETS_KEY = `k1:${randomBytes(32).toString('base64')}`;

/** Workers as processes of their own, on a test's database, that send to a server of the test's. */
export class Workers {
	readonly #database: Database;
	readonly #graphUrl: string;
	readonly #children = new Set<ChildProcess>();

	constructor(database: Database, graphUrl: string) {
		this.#database = database;
		this.#graphUrl = graphUrl;
	}

	/** Gives a channel a token that these workers can read. */
	async giveToken(channelId: string): Promise<void> {
		const keys = await readSecretKeys(SECRETS_KEY);
		const { key_id, nonce, ciphertext } = await encryptSecret(keys, 'EAAtoken', `${channelId}:access_token`);
		await this.#database.owner`
			insert into private.channel_secrets (channel_id, name, key_id, nonce, ciphertext)
			values (${channelId}, 'access_token', ${key_id}, ${Buffer.from(nonce)}, ${Buffer.from(ciphertext)})`;
	}

	/** Starts one and resolves when it takes jobs. */
	async start(): Promise<ChildProcess> {
		const child = fork(MAIN, {
			execArgv: [],
			env: {
				...process.env,
				SUPABASE_DB_URL: this.#database.url('prosa_worker'),
				SECRETS_KEY,
				GRAPH_API_URL: this.#graphUrl,
				LOG_LEVEL: 'error'
			}
		});
		this.#children.add(child);
		child.once('exit', () => this.#children.delete(child));
		const gone = once(child, 'exit').then(() => Promise.reject(new Error('a worker ended before it took jobs')));
		await Promise.race([once(child, 'message'), gone]);
		return child;
	}

	async stop(): Promise<void> {
		await Promise.all(
			[...this.#children].map(async (child) => {
				child.kill('SIGTERM');
				await once(child, 'exit');
			})
		);
	}
}
