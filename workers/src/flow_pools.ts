import type { AiDeps } from './ai/provider.ts';
import type { Environment } from './environment.ts';
import { FlowWakes } from './flows/wakes.ts';
import { SgpClients } from './modules/sgp.ts';
import { startPool, type Pool, type PoolOptions } from './pool.ts';
import { aiEvaluationRun, aiTry, aiTurn } from './tasks/ai__turn.ts';
import type { FlowDeps } from './tasks/flow__advance.ts';
import { flowCall, type FlowCallDeps } from './tasks/flow__call.ts';

export type FlowPoolOptions = Omit<PoolOptions, 'concurrency' | 'taskList'> & {
	environment: Pick<Environment, 'FLOW_CONCURRENCY' | 'FLOW_CALL_CONCURRENCY' | 'AI_CONCURRENCY'>;
	deps: FlowDeps & FlowCallDeps & AiDeps;
};

/**
 * Bots have places of their own. What takes flows further is no pool of jobs (`flows/wakes.ts`). One pool asks other machines
 * for them, one thinks with a model: however slow those are, neither a step nor a message waits for a place.
 */
export async function startFlowPools({ environment, deps, ...options }: FlowPoolOptions): Promise<Pool> {
	const steps = new FlowWakes({ ...deps, concurrency: environment.FLOW_CONCURRENCY, log: options.log });
	await steps.start();
	// Flows and AI agents ask the same clients: what one has changed, the other does not read from before.
	const asking = { ...deps, sgp: new SgpClients(deps.keys, deps.flowOrigins) };
	const calls = await startPool({
		...options,
		concurrency: environment.FLOW_CALL_CONCURRENCY,
		taskList: { flow__call: flowCall(asking) }
	});
	const turns = await startPool({
		...options,
		concurrency: environment.AI_CONCURRENCY,
		taskList: { ai__turn: aiTurn(asking), ai__try: aiTry(asking), ai_evaluation__run: aiEvaluationRun(asking) }
	});
	return {
		finished: Promise.race([calls.finished, turns.finished]),
		stop: async () => {
			await Promise.all([steps.stop(), calls.stop(), turns.stop()]);
		}
	};
}
