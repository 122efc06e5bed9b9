import { readFileSync } from 'node:fs';
import { startOwnStack } from '../own_stack.ts';

/**
 * Brings the whole stack up on ports of its own before the first journey and stops it after the last. `STACK_JSON`
 * names the facts of a stack that runs already, which is then used and left running; `JOURNEYS_PORT_OFFSET` moves its
 * ports.
 */
export default async function setup(): Promise<() => Promise<void>> {
	if (process.env.STACK_JSON) {
		process.env.STACK_FACTS = readFileSync(process.env.STACK_JSON, 'utf8');
		return async () => {};
	}
	const { facts, stop } = await startOwnStack(Number(process.env.JOURNEYS_PORT_OFFSET ?? 10_000));
	process.env.STACK_FACTS = JSON.stringify(facts);
	return stop;
}
