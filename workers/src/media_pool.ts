import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import type { Database } from './database.ts';
import type { Environment } from './environment.ts';
import type { Leases } from './leases.ts';
import { watchLiveness } from './liveness.ts';
import { queueLogger, type Log } from './log.ts';
import { sweepFolders } from './media/folder.ts';
import { createScan } from './media/scan.ts';
import type { FileServices } from './media/services.ts';
import type { Metrics } from './metrics.ts';
import { mediaDescribe } from './tasks/media__describe.ts';
import { mediaFetch } from './tasks/media__fetch.ts';
import { mediaPurge } from './tasks/media__purge.ts';

export interface MediaPool {
	/** Rejects when it can't go on. */
	finished: Promise<void>;
	stop(): Promise<void>;
}

export interface MediaPoolOptions {
	environment: Environment;
	files: FileServices | null;
	db: Database;
	keys: SecretKeys;
	metrics: Metrics;
	leases: Leases;
	log: Log;
	/** Tells the jobs to whoever counts them. */
	observe: (events: WorkerEvents) => void;
	patience: number;
	shutdown: number;
}

/**
 * Takes the jobs that handle files. A pool of its own beside the one that sends: however many downloads are slow, a
 * message finds a free place. Null where the worker was given no Storage.
 */
export async function startMediaPool(options: MediaPoolOptions): Promise<MediaPool | null> {
	const { environment, leases, log, observe, patience, shutdown } = options;
	const taskList = mediaTasks(options);
	if (!taskList) {
		log.warn('SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not set: files are neither fetched nor sent');
		return null;
	}
	if (!environment.MEDIA_SCAN_URL) log.info('MEDIA_SCAN_URL is not set: files are not scanned for viruses');
	await sweepFolders();

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
		connectionString: environment.SUPABASE_DB_URL,
		concurrency: environment.MEDIA_CONCURRENCY,
		maxPoolSize: environment.MEDIA_CONCURRENCY,
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

function mediaTasks({ environment, files, db, keys, metrics }: MediaPoolOptions): TaskList | null {
	if (!files) return null;
	const { storage, graph } = files;
	const scan = environment.MEDIA_SCAN_URL ? createScan(environment.MEDIA_SCAN_URL) : null;
	return {
		media__fetch: mediaFetch({ db, keys, metrics, storage, scan, graph }),
		media__describe: mediaDescribe({ db, storage }),
		media__purge: mediaPurge({ db, storage })
	};
}
