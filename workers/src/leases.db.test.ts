import { expect, test, vi } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { createLeases } from './leases.ts';
import { createLog } from './log.ts';

const database = useDatabase();
const log = createLog('error');

const open = () => createLeases(database.url('prosa_worker'), log);

/** A job, and its shard's queue, that a pool has taken and not given back. */
async function jobTakenBy(pool: string): Promise<() => Promise<string | null>> {
	const { owner } = database;
	const [job] = await owner<{ id: string }[]>`
		select id from graphile_worker.add_job('outbox__drain', '{}', queue_name := ${`outbox:${pool}`}, run_at := now() + interval '1 day')`;
	await owner`update graphile_worker._private_jobs set locked_by = ${pool}, locked_at = now() where id = ${job?.id ?? ''}`;
	await owner`update graphile_worker._private_job_queues set locked_by = ${pool}, locked_at = now() where queue_name = ${`outbox:${pool}`}`;
	return async () => {
		const [row] = await owner<{ holder: string | null }[]>`
			select coalesce(j.locked_by, q.locked_by) as holder
			from graphile_worker._private_jobs j
			join graphile_worker._private_job_queues q on q.id = j.job_queue_id
			where j.id = ${job?.id ?? ''}`;
		return row?.holder ?? null;
	};
}

test('a job of a worker that is gone is free after two looks, one of a worker that is merely slow is not', async () => {
	const [living, dying, looking] = [open(), open(), open()];
	await living.hold('slow');
	await dying.hold('dead');
	const slow = await jobTakenBy('slow');
	const dead = await jobTakenBy('dead');
	expect([await looking.freeDead(), await looking.freeDead()]).toEqual([[], []]);

	await dying.close();
	expect(await looking.freeDead()).toEqual([]);
	expect(await looking.freeDead()).toEqual(['dead']);
	expect([await slow(), await dead()]).toEqual(['slow', null]);
	await living.close();
	await looking.close();
});

test('a worker whose connection is cut declares itself again before anybody takes its jobs', async () => {
	const [living, looking] = [open(), open()];
	await living.hold('cut');
	const job = await jobTakenBy('cut');
	const sessions = async () => {
		const rows = await database.owner<{ pid: number }[]>`
			select pid
			from pg_locks
			where locktype = 'advisory'
				and mode = 'ShareLock'
				and granted
				and database = (select oid from pg_database where datname = current_database())`;
		return rows.map(({ pid }) => pid);
	};
	const [session = 0] = await sessions();
	await database.owner`select pg_terminate_backend(${session})`;
	await vi.waitFor(async () => expect((await sessions()).filter((pid) => pid !== session)).toHaveLength(1), {
		timeout: 4_000,
		interval: 50
	});

	await looking.freeDead();
	expect(await looking.freeDead()).not.toContain('cut');
	expect(await job()).toBe('cut');
	await living.close();
	await looking.close();
});
