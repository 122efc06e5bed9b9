import type { Outcome } from '../events.ts';
import type { Node } from '../nodes.ts';
import type { Visit } from '../state.ts';
import { referenceOf } from '../variables.ts';
import type { RecordedRun, RecordedStep } from './record.ts';

type Left = RecordedStep & { branch: string };

/** What life decided in a run, asked by node and by how often the replay has been there. */
export class LivedRun {
	readonly #run: RecordedRun;
	readonly #exits = new Map<string, Left[]>();
	readonly #calls = new Map<string, (Outcome | null)[]>();
	readonly #been = new Map<string, number>();
	readonly #asked = new Map<string, number>();
	/** How many of its steps the replay has come through, as long as it has come through no other. */
	#matched = 0;
	#parted = false;

	constructor(run: RecordedRun) {
		this.#run = run;
		let call = 0;
		for (const step of run.steps) {
			const key = keyOf(step.flow, step.node);
			const { branch } = step;
			if (branch !== null) push(this.#exits, key, { ...step, branch });
			else if (asksMachine(run.program.flows.get(step.flow)?.nodes.get(step.node)) && call < run.calls.length)
				push(this.#calls, key, run.calls[call++] ?? null);
		}
	}

	get steps(): readonly RecordedStep[] {
		return this.#run.steps;
	}

	/** Whether the replay has come all the way that life came, and no other. */
	isWhole(): boolean {
		return !this.#parted && this.#matched === this.#run.steps.length;
	}

	isParted(visits: readonly Visit[] = []): boolean {
		return this.#parted || visits.some((visit, index) => !isStep(visit, this.#run.steps[this.#matched + index]));
	}

	/** Notes which nodes the replay has come through. */
	came(visits: readonly Visit[]): void {
		this.#parted = this.isParted(visits);
		this.#matched += visits.length;
		for (const { flow, node, branch } of visits) {
			const key = keyOf(flow, node);
			if (branch !== null) this.#been.set(key, (this.#been.get(key) ?? 0) + 1);
		}
	}

	/** By which way a node was left in life, this time; among the visits of the step at hand. */
	exit(flow: string, node: string, visits: readonly Visit[] = []): Left | null {
		const key = keyOf(flow, node);
		const now = visits.filter((visit) => visit.branch !== null && keyOf(visit.flow, visit.node) === key).length;
		return this.#exits.get(key)?.[(this.#been.get(key) ?? 0) + now] ?? null;
	}

	/** What a machine answered there, this time; null: it never did; undefined: it was not asked. */
	answer(flow: string, node: Node): Outcome | null | undefined {
		const key = keyOf(flow, node.id);
		const was = this.#run.program.flows.get(flow)?.nodes.get(node.id);
		// Another question has another answer: SGP's say which they are of.
		if (was?.type !== node.type || (was.type === 'sgp' && node.type === 'sgp' && was.ask !== node.ask))
			return undefined;
		const place = this.#asked.get(key) ?? 0;
		this.#asked.set(key, place + 1);
		return this.#calls.get(key)?.[place];
	}

	/** Whether a node is what it was in life, but for its name and its place. */
	isSame(flow: string, node: Node): boolean {
		const was = this.#run.program.flows.get(flow)?.nodes.get(node.id);
		return was !== undefined && (was === node || bones(was) === bones(node));
	}

	/** Chance, doors and what is asked of the conversation fall as they fell. Undefined: nobody knows, so it is computed. */
	decide(flow: string, node: Node, visits: readonly Visit[]): string | undefined {
		if (node.type !== 'split' && node.type !== 'hours' && node.type !== 'condition') return undefined;
		const branch = this.exit(flow, node.id, visits)?.branch;
		if (branch === undefined) return undefined;
		// Who drew a way keeps it, whatever its weight is now.
		if (node.type === 'split') return node.variants.some(({ id }) => id === branch) ? branch : undefined;
		if (!this.isSame(flow, node)) return undefined;
		if (node.type === 'hours' || !this.isParted(visits)) return branch;
		return readsOutside(node) ? branch : undefined;
	}
}

const keyOf = (flow: string, node: string): string => `${flow} ${node}`;
const isStep = (visit: Visit, step: RecordedStep | undefined): boolean =>
	step?.flow === visit.flow && step.node === visit.node && step.branch === visit.branch;
const asksMachine = (node: Node | undefined): boolean =>
	node?.type === 'http' || node?.type === 'sgp' || node?.type === 'ai';
const bones = (node: Node): string => JSON.stringify({ ...node, name: '', position: null });

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
	const list = map.get(key);
	if (list) list.push(value);
	else map.set(key, [value]);
}

const OUTSIDE = /\b(contact|conversation|tenant|now|today)\b/;

/** Whether a condition asks about what may have changed since: whatever is not the run's own. */
export function readsOutside(node: Extract<Node, { type: 'condition' }>): boolean {
	return node.cases.some(({ when }) => {
		if (when.type === 'conversation') return true;
		if (when.type === 'expression') return OUTSIDE.test(when.expression);
		return when.tests.some(({ variable }) => {
			const scope = referenceOf(variable)?.scope;
			return scope !== 'message' && scope !== 'run';
		});
	});
}
