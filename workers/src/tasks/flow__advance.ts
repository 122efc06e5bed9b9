import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import type { Metrics } from '../metrics.ts';
import { task } from '../task.ts';

const Payload = z.object({ conversation_id: z.guid() });

export interface FlowDeps {
	db: Database;
	metrics: Pick<Metrics, 'flowSteps'>;
}

/** Has a conversation's flow taken further whose time has come. Runs again safely: a flow that has nothing to do rests. */
export const flowAdvance = ({ db }: Pick<FlowDeps, 'db'>) =>
	task(Payload, async ({ conversation_id }) => {
		await answered(db`select private.call_flows(array[${conversation_id}]::uuid[])`);
	});

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
