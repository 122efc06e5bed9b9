import { difference, wilson, type Share } from '@prosa/core/flows/intervals.ts';
import type { Node } from '@prosa/core/flows/nodes.ts';
import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';
import { getLocale } from '#lib/paraglide/runtime.js';

export const PERIODS = ['7', '30', '90'] as const;
export type Period = (typeof PERIODS)[number];

const Counted = z.object({
	node: z.string(),
	branch: z.string(),
	runs: z.number(),
	completed: z.number(),
	contained: z.number(),
	left: z.number()
});

const Performance = z.object({
	live: z.number(),
	runs: z.number(),
	completed: z.number(),
	contained: z.number(),
	nodes: z.array(Counted)
});
export type Performance = z.infer<typeof Performance>;

/** What a flow came to within so many days. Throws what the database answers. */
export async function performanceOf(client: Client, flowId: string, period: Period): Promise<Performance> {
	const { data } = await client.rpc('flow_performance', { flow_id: flowId, days: Number(period) }).throwOnError();
	return Performance.parse(data);
}

/** What a card says of its block: how many runs came there, and how many were given up there. */
export interface Passed {
	runs: number;
	left: number;
}

export const passedOf = (performance: Performance): ReadonlyMap<string, Passed> =>
	new Map(
		performance.nodes
			.filter(({ branch }) => branch === '')
			.map(({ node, runs, left }) => [node, { runs, left }] as const)
	);

/** One way of a test with how many of its runs came to the end. */
export interface Way {
	id: string;
	label: string;
	runs: number;
	completed: Share | null;
	/** How far above the test's first way; null for that one. */
	above: Share | null;
}

/** The tests that a flow draws lots in, with what came of each way. */
export function testsOf(nodes: readonly Node[], performance: Performance): { node: string; ways: Way[] }[] {
	return nodes.flatMap((node) => {
		if (node.type !== 'split') return [];
		const counted = node.variants.map(({ id, label }) => {
			const found = performance.nodes.find((one) => one.node === node.id && one.branch === id);
			return { id, label: label === '' ? id : label, hits: found?.completed ?? 0, of: found?.runs ?? 0 };
		});
		const [first] = counted;
		const ways = counted.map((way, place) => ({
			id: way.id,
			label: way.label,
			runs: way.of,
			completed: wilson(way.hits, way.of),
			above: place === 0 || !first ? null : difference(way, first)
		}));
		return [{ node: node.id, ways }];
	});
}

export const percent = (share: number, digits = 0): string =>
	new Intl.NumberFormat(getLocale(), { style: 'percent', maximumFractionDigits: digits }).format(share);
