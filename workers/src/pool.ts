import { run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import type { Pool as PgPool } from 'pg';
import type { Leases } from './leases.ts';
import { watchLiveness } from './liveness.ts';
import { queueLogger, type Log } from './log.ts';

export interface Pool {
	/** Rejects when it can't go on. */
	finished: Promise<void>;
	stop(): Promise<void>;
}

export interface PoolOptions {
	/** The queue's: `queue_connections.ts`. */
	connections: PgPool;
	/** Jobs at once. */
	concurrency: number;
	taskList: TaskList;
	leases: Leases;
	log: Log;
	/** Tells the jobs to whoever counts them. */
	observe: (events: WorkerEvents) => void;
	patience: number;
	shutdown: number;
}

/** Takes jobs beside the main pool: whatever they wait for, others find a free place. */
export async function startPool(options: PoolOptions): Promise<Pool> {
	const { connections, concurrency, taskList, leases, log, observe, patience, shutdown } = options;
	const events: WorkerEvents = new EventEmitter();
	const ready = new Promise<void>((resolve) => events.once('pool:listen:success', () => resolve()));
	events.on('pool:create', ({ workerPool }) => {
		leases
			.hold(workerPool.id)
			.catch((error) => log.error({ err: error }, 'this worker could not declare itself alive'));
	});
	observe(events);
	const stuck = watchLiveness(events, log, patience);
	stuck.catch(() => {}); // told by `finished`
	const runner = await run({
		pgPool: connections,
		concurrency,
		logger: queueLogger(log),
		noHandleSignals: true,
		gracefulShutdownAbortTimeout: shutdown,
		pollInterval: 2_000,
		parsedCronItems: [],
		taskList,
		events
	});
	await Promise.race([ready, runner.promise]);
	return {
		finished: Promise.race([runner.promise, stuck]),
		stop: () => runner.stop().catch(() => {}) // it has stopped by itself already
	};
}
