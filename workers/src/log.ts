import { Logger } from 'graphile-worker';
import { pino } from 'pino';

export type Log = pino.Logger;

export function createLog(level: string): Log {
	return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } });
}

/** Chosen fields alone: an error of the database driver drags its whole connection along. */
function describeError(error: unknown): object {
	if (!(error instanceof Error)) return { message: String(error) };
	const { name, message, stack, cause } = error;
	const code = 'code' in error ? error.code : undefined;
	return { name, message, code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

/** What it thinks of fewer connections than jobs: `queue_connections.ts` says why they are few. */
const POOL_SIZE = 'WARNING: having maxPoolSize';

/** graphile-worker reports every finished job as information; that is a line a message, so it counts as detail here. */
export function queueLogger(log: Log): Logger {
	return new Logger((scope) => (level, message, meta) => {
		const fields = { ...scope, ...(meta?.error ? { err: meta.error } : {}) };
		if (level === 'error') log.error(fields, message);
		else if (level === 'warning' && !message.startsWith(POOL_SIZE)) log.warn(fields, message);
		else log.debug(fields, message);
	});
}
