import { readEnvironment } from './environment.ts';
import { createLog } from './log.ts';
import { startWorker } from './worker.ts';

/** How long a stop may take before the process leaves anyway. */
const LAST_MOMENT_MS = 12_000;

try {
	const environment = readEnvironment(process.env);
	const log = createLog(environment.LOG_LEVEL);
	const worker = await startWorker(environment, log);
	let stopping = false;

	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => {
			if (stopping) return;
			stopping = true;
			log.info('stopping');
			setTimeout(() => process.exit(1), LAST_MOMENT_MS).unref();
			void worker.stop().then(() => process.exit(0));
		});
	}
	log.info({ concurrency: environment.WORKER_CONCURRENCY }, 'the worker takes jobs');
	// Whoever started this process as a child is told that it serves.
	process.send?.('ready');

	await worker.finished;
	if (!stopping) throw new Error('the queue has ended by itself');
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
}
