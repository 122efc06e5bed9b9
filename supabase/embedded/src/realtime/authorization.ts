import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Bearer } from './token.ts';

export type Extension = 'broadcast' | 'presence';
export type Access = Record<Extension, boolean>;

/** The database can't be asked right now; nobody was refused. */
export class DatabaseUnavailable extends Error {
	override name = 'DatabaseUnavailable';
}

/** Asks the project's policies on realtime.messages. */
export interface Authorization {
	/** What this bearer may hear on a topic. */
	read(topic: string, bearer: Bearer): Promise<Access>;
	/** Whether this bearer may send on a topic. */
	write(topic: string, bearer: Bearer, extension: Extension): Promise<boolean>;
}

/**
 * As Supabase does it: a probe row is inserted, read (or inserted) as the bearer, and rolled back, so whatever a policy
 * says about `realtime.messages` holds. A policy that fails refuses.
 */
export function createAuthorization(pool: pg.Pool): Authorization {
	return {
		async read(topic, bearer) {
			const probes = { broadcast: randomUUID(), presence: randomUUID() };
			const rows = await transaction(
				pool,
				`insert into realtime.messages (id, topic, extension)
				values ('${probes.broadcast}', ${text(topic)}, 'broadcast'), ('${probes.presence}', ${text(topic)}, 'presence');
				${become(topic, bearer)};
				select id from realtime.messages
				where id in ('${probes.broadcast}', '${probes.presence}') and inserted_at = now()::timestamp`,
				'rollback'
			);
			const seen = new Set(rows?.map(({ id }) => id));
			return { broadcast: seen.has(probes.broadcast), presence: seen.has(probes.presence) };
		},

		async write(topic, bearer, extension) {
			const rows = await transaction(
				pool,
				`${become(topic, bearer)};
				insert into realtime.messages (topic, extension) values (${text(topic)}, '${extension}')`,
				'rollback'
			);
			return rows !== null;
		}
	};
}

const text = (value: string) => pg.escapeLiteral(value.replaceAll('\0', ''));

function become(topic: string, bearer: Bearer): string {
	return `select set_config('role', ${text(bearer.role)}, true), set_config('realtime.topic', ${text(topic)}, true),
		set_config('request.jwt.claims', ${text(JSON.stringify(bearer))}, true),
		set_config('request.jwt.claim.sub', ${text(bearer.sub ?? '')}, true),
		set_config('request.jwt.claim.role', ${text(bearer.role)}, true)`;
}

/** Runs a statement as the bearer and keeps what it did; false when the database refused. */
export async function runAs(pool: pg.Pool, topic: string, bearer: Bearer, statement: string): Promise<boolean> {
	return (await transaction(pool, `${become(topic, bearer)}; ${statement}`, 'commit')) !== null;
}

/** Runs statements in one round trip. The last one's rows, or null when the database refused. */
async function transaction(
	pool: pg.Pool,
	statements: string,
	end: 'commit' | 'rollback'
): Promise<{ id: string }[] | null> {
	const client = await pool.connect().catch((error: Error) => {
		throw new DatabaseUnavailable(error.message);
	});
	try {
		const results: unknown = await client.query(`begin; ${statements}; ${end}`);
		client.release();
		return (results as pg.QueryResult<{ id: string }>[]).at(-2)?.rows ?? [];
	} catch (error) {
		const refused = error instanceof pg.DatabaseError && !/^(08|53|57)/.test(error.code ?? '');
		if (!refused) {
			client.release(true);
			throw new DatabaseUnavailable(error instanceof Error ? error.message : String(error));
		}
		await client.query('rollback').then(
			() => client.release(),
			() => client.release(true)
		);
		return null;
	}
}
