import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import type { TaskList, WorkerEvents } from 'graphile-worker';
import type { Database } from './database.ts';
import type { Environment } from './environment.ts';
import type { Leases } from './leases.ts';
import type { Log } from './log.ts';
import { sweepFolders } from './media/folder.ts';
import { createScan } from './media/scan.ts';
import type { FileServices } from './media/services.ts';
import type { Metrics } from './metrics.ts';
import { startPool, type Pool, type PoolOptions } from './pool.ts';
import { aiReadFile } from './tasks/ai__read_file.ts';
import { mediaDescribe } from './tasks/media__describe.ts';
import { mediaFetch } from './tasks/media__fetch.ts';
import { mediaPurge } from './tasks/media__purge.ts';

export interface MediaPoolOptions {
	environment: Environment;
	files: FileServices | null;
	db: Database;
	keys: SecretKeys;
	metrics: Metrics;
	connections: PoolOptions['connections'];
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
export async function startMediaPool(options: MediaPoolOptions): Promise<Pool | null> {
	const { environment, connections, leases, log, observe, patience, shutdown } = options;
	const taskList = mediaTasks(options);
	if (!taskList) {
		log.warn('SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not set: files are neither fetched nor sent');
		return null;
	}
	if (!environment.MEDIA_SCAN_URL) log.info('MEDIA_SCAN_URL is not set: files are not scanned for viruses');
	await sweepFolders();

	return startPool({
		connections,
		concurrency: environment.MEDIA_CONCURRENCY,
		taskList,
		leases,
		log,
		observe,
		patience,
		shutdown
	});
}

function mediaTasks({ environment, files, db, keys, metrics }: MediaPoolOptions): TaskList | null {
	if (!files) return null;
	const { storage, graph } = files;
	const scan = environment.MEDIA_SCAN_URL ? createScan(environment.MEDIA_SCAN_URL) : null;
	return {
		ai__read_file: aiReadFile({ db, storage }),
		media__fetch: mediaFetch({ db, keys, metrics, storage, scan, graph }),
		media__describe: mediaDescribe({ db, storage }),
		media__purge: mediaPurge({ db, storage })
	};
}
