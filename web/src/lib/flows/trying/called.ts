import type { Flow } from '@prosa/core/flows/flow.ts';
import { LIMITS } from '@prosa/core/flows/limits.ts';

/** Flows that one may call; more than that nobody walks through by hand. */
const MOST = 50;

/**
 * All flows that a drawing calls, those called by them too, by their ids. What is not published stays away, and the run
 * ends there as a real one does.
 */
export async function calledBy(
	flow: Flow,
	read: (id: string) => Promise<Flow | null>
): Promise<ReadonlyMap<string, Flow>> {
	const called = new Map<string, Flow>();
	let next = idsIn(flow);
	for (let depth = 0; depth < LIMITS.stack && next.length > 0; depth++) {
		const found = await Promise.all(next.map(async (id) => [id, await read(id)] as const));
		for (const [id, one] of found) if (one) called.set(id, one);
		next = [...new Set(found.flatMap(([, one]) => (one ? idsIn(one) : [])))]
			.filter((id) => !called.has(id))
			.slice(0, MOST - called.size);
	}
	return called;
}

const idsIn = (flow: Flow): string[] => [
	...new Set(flow.nodes.flatMap((node) => (node.type === 'flow' ? [node.flow_id] : [])))
];
