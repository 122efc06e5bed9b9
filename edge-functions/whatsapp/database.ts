import { LOOKUPS } from '@prosa/core/sql/plans.ts';
import postgres from 'postgres';
import { LIMITS } from './batcher.ts';
import type { SecretRow } from './channel_secrets.ts';
import type { Call, Received } from './receive.ts';

/** The two things the door may do in the database, as the role `prosa_door`. */
export interface DoorDatabase {
	receive: Call;
	secretsOf(channel: string): Promise<SecretRow[]>;
}

/** The database was asked and has said nothing for too long. It may still do what it was asked. */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
}

/** A call of few deliveries takes milliseconds. */
const PATIENCE = 10_000;
/** The largest bodies (imported history) take many seconds; given up too early, they would be at every retry. */
const STATEMENT_TIMEOUT = 60_000;
const CHARACTERS_A_SECOND = 100_000;

/**
 * Connects when first used, and again whenever the connection was lost. Rejects with NoAnswer after `patience`
 * milliseconds, and more for a large call.
 */
export function connect(url: string, patience = PATIENCE): DoorDatabase {
	const calls = createLine(url, LIMITS.calls);
	// Of their own: anybody may knock at doors that nobody has, and must not keep genuine webhooks waiting.
	const lookups = createLine(url, 1);
	return {
		async receive(deliveries) {
			const limit = patience + (deliveries.length / CHARACTERS_A_SECOND) * 1_000;
			// as text: postgres.js would write a jsonb parameter as JSON once more
			const [row] = await calls(
				limit,
				(sql) => sql<[{ answer: Received[] }]>`select private.receive(${deliveries}::text::jsonb) as answer`
			);
			return row.answer;
		},
		secretsOf: (channel) =>
			lookups(
				patience,
				(sql) => sql<SecretRow[]>`select name, key_id, nonce, ciphertext from private.door_secrets(${channel}::uuid)`
			)
	};
}

/**
 * A few connections that are given up together when one falls silent: postgres.js 3.4 never settles a query that it
 * hands to a socket in the moment this is being reset (seen at about one in a hundred cuts).
 */
function createLine(url: string, max: number) {
	const open = () =>
		postgres(url, {
			max,
			connection: {
				role: 'prosa_door',
				application_name: 'prosa door',
				statement_timeout: STATEMENT_TIMEOUT,
				...LOOKUPS
			},
			connect_timeout: 5,
			backoff: () => 0.25,
			fetch_types: false,
			onnotice: () => {}
		});
	let sql = open();

	return async <T>(limit: number, ask: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> => {
		const used = sql;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const silence = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => {
				if (sql === used) sql = open();
				used.end({ timeout: STATEMENT_TIMEOUT / 1_000 }).catch(() => {});
				reject(new NoAnswer(`the database has not answered within ${limit / 1_000} s`));
			}, limit);
		});
		try {
			return await Promise.race([ask(used), silence]);
		} finally {
			clearTimeout(timer);
		}
	};
}
