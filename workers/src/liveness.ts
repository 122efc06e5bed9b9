import type { WorkerEvents } from 'graphile-worker';
import type { Log } from './log.ts';

/**
 * Rejects when the queue has given nothing but errors for `patience` milliseconds. graphile-worker 0.18 remembers the
 * ids of its tasks as a promise; one that failed because the connection was cut in the first moment stays failed, and
 * the worker then looks alive for ever and takes no job. Whoever runs this process starts it anew.
 */
export function watchLiveness(events: WorkerEvents, log: Log, patience: number): Promise<never> {
	return new Promise((_resolve, reject) => {
		let failingSince: number | null = null;
		const well = () => (failingSince = null);
		events.on('worker:getJob:empty', well);
		events.on('job:start', well);
		events.on('worker:getJob:error', ({ error }) => {
			if (failingSince === null) {
				failingSince = Date.now();
				log.warn({ err: error }, 'the queue could not be asked for jobs');
			} else if (Date.now() - failingSince > patience) {
				reject(new Error(`the queue has given nothing but errors for ${patience / 1000} s: ${String(error)}`));
			}
		});
	});
}
