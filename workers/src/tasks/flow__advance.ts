import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { Flows } from '../flows/advance.ts';
import type { Metrics } from '../metrics.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid() });

export interface FlowDeps {
	db: Database;
	metrics: Pick<Metrics, 'flowSteps'>;
}

/**
 * Takes a conversation's flow further. Runs again safely: a step is kept once, by the run's revision, and what it sends is
 * one message each, by a client id that follows from the run.
 */
export const flowAdvance = ({ db, metrics }: FlowDeps) => {
	const flows = new Flows(db);
	return task(Payload, async ({ conversation_id }) => {
		metrics.flowSteps.inc(await flows.advance(conversation_id));
	});
};

/** Starts the flows whose hour has struck (crontab). Runs again safely: a trigger starts once a day in a conversation. */
export const flowsSchedule = ({ db }: Pick<FlowDeps, 'db'>) =>
	task(z.unknown(), async () => {
		await answered(db`select private.start_scheduled_flows()`);
	});

/** Takes further what is a minute late because its own job was lost (crontab). Runs again safely: what is not due stays. */
export const flowsWake = ({ db }: Pick<FlowDeps, 'db'>) =>
	task(z.unknown(), async (_payload, { logger }) => {
		const [row] = await answered(db<{ woken: number }[]>`select private.wake_flows() as woken`);
		if (row && row.woken > 0) logger.warn(`${row.woken} flows were late`);
	});

/** Forgets runs that ended 90 days ago. Runs again safely: deletes only what is old. */
export const flowRunsPurge = ({ db }: Pick<FlowDeps, 'db'>) =>
	task(z.unknown(), async (_payload, { abortSignal }) => {
		for (let gone = 1; gone > 0;) {
			if (abortSignal.aborted) throw new Error('the worker is stopping');
			const [row] = await answered(db<{ gone: number }[]>`select private.purge_flow_runs() as gone`);
			gone = row?.gone ?? 0;
		}
	});
