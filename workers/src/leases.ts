import { createHash } from 'node:crypto';
import postgres from 'postgres';
import type { Log } from './log.ts';

/**
 * graphile-worker frees the jobs of a dead process after four hours; a conversation whose send was cut off by a crash
 * would stand still that long. Here every pool of workers holds a session advisory lock for as long as it lives, which
 * Postgres drops with its connection, so whoever looks can tell the dead from the slow and free their jobs at once.
 */
export interface Leases {
	/** Declares a pool of workers of this process alive: the id under which it locks jobs. */
	hold(poolId: string): Promise<void>;
	/**
	 * Frees the jobs of pools that are gone and returns their ids. A pool must be found gone by two looks in a row: one
	 * whose connection has just been cut needs a moment to declare itself again.
	 */
	freeDead(): Promise<string[]>;
	close(): Promise<void>;
}

const RENEW_MS = 1_000;

export function createLeases(url: string, log: Log): Leases {
	const held = new Set<string>();
	let suspects = new Set<string>();
	const sql = postgres(url, {
		// One session: it is the session that holds the locks.
		max: 1,
		max_lifetime: null,
		onnotice: () => {},
		connection: { application_name: 'prosa-worker-leases' }
	});
	const lock = async (id: string) => sql`select pg_advisory_lock_shared(${keyOf(id)})`;

	// After a lost connection the new session holds nothing; declare everybody again.
	let session: number | undefined;
	const renew = async () => {
		const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
		if (row?.pid === session) return;
		session = row?.pid;
		for (const id of held) await lock(id);
	};
	const timer = setInterval(() => {
		renew().catch((error) => log.warn({ err: error }, 'the leases could not be renewed'));
	}, RENEW_MS);
	timer.unref();

	return {
		async hold(poolId) {
			await renew();
			held.add(poolId);
			await lock(poolId);
		},
		async freeDead() {
			const holders = await sql<{ id: string }[]>`
				select locked_by as id from graphile_worker._private_jobs where locked_by is not null
				union
				select locked_by from graphile_worker._private_job_queues where locked_by is not null`;
			const gone: string[] = [];
			for (const { id } of holders) if (!held.has(id) && (await isGone(id))) gone.push(id);
			const dead = gone.filter((id) => suspects.has(id));
			suspects = new Set(gone);
			if (dead.length > 0) await sql`select graphile_worker.force_unlock_workers(${sql.array(dead)})`;
			return dead;
		},
		async close() {
			clearInterval(timer);
			await sql.end({ timeout: 1 });
		}
	};

	/** An exclusive lock is had only where no living worker holds its shared one; it ends with the statement. */
	async function isGone(id: string): Promise<boolean> {
		return sql.begin(async (transaction) => {
			const [row] = await transaction<{ free: boolean }[]>`select pg_try_advisory_xact_lock(${keyOf(id)}) as free`;
			return row?.free ?? false;
		});
	}
}

function keyOf(poolId: string): string {
	return createHash('sha256').update(`prosa-worker ${poolId}`).digest().readBigInt64BE().toString();
}
