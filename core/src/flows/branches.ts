import type { Node, Option } from './nodes.ts';
import { SGP_WAYS } from './sgp.ts';

/** A way out of a node. */
export interface Branch {
	id: string;
	/** Without an edge there the flow stands still, which is a problem; else it ends. */
	required: boolean;
}

const way = (id: string, required = true): Branch => ({ id, required });

/** The ways out of a node, in the order in which they are drawn. */
export function branchesOf(node: Node): Branch[] {
	switch (node.type) {
		case 'end':
		case 'handover':
			return [];
		case 'buttons':
			return [...options(node.options), way('other', false), ...timeoutOf(node.timeout)];
		case 'list':
			return [
				...options(node.sections.flatMap((section) => section.options)),
				way('other', false),
				...timeoutOf(node.timeout)
			];
		case 'question':
			return [way('next'), way('invalid', false), ...timeoutOf(node.timeout)];
		case 'csat':
			return [way('next'), way('invalid', false), ...timeoutOf(node.timeout)];
		case 'condition':
			return [...node.cases.map(({ id }) => way(id)), way('else', false)];
		case 'split':
			return node.variants.map(({ id }) => way(id));
		case 'wait':
			return [way('next'), ...(node.interrupt ? [way('message', false)] : [])];
		case 'http':
		case 'ai':
			return [way('next'), way('error', false)];
		case 'sgp':
			return [...Object.entries(SGP_WAYS[node.ask]).map(([id, required]) => way(id, required)), way('error', false)];
		case 'hours':
			return [way('open'), way('closed')];
		default:
			return [way('next')];
	}
}

const options = (given: readonly Option[]): Branch[] => given.map(({ id }) => way(id));
const timeoutOf = (seconds: number | null): Branch[] => (seconds === null ? [] : [way('timeout')]);
