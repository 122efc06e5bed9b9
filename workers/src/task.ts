import type { JobHelpers, Task } from 'graphile-worker';
import type { z } from 'zod';

/**
 * Thrown by a task when trying again could not help: the row is gone, the contact blocked us.
 * The job ends as done. Whoever needs to know reads it from the row the task updated.
 */
export class GiveUp extends Error {
	override name = 'GiveUp';
}

/** A task whose payload is checked before it runs: it returns, throws (and is tried again with backoff) or gives up. */
export function task<Schema extends z.ZodType>(
	schema: Schema,
	run: (payload: z.infer<Schema>, helpers: JobHelpers) => Promise<void>
): Task {
	return async (input, helpers) => {
		const payload = schema.safeParse(input);
		try {
			if (!payload.success) throw new GiveUp(`the payload of this job can't be read: ${payload.error.message}`);
			await run(payload.data, helpers);
		} catch (error) {
			if (!(error instanceof GiveUp)) throw error;
			helpers.logger.warn(error.message);
		}
	};
}
