import type { Action } from '../actions/actions.ts';
import type { OutgoingContent } from '../whatsapp/build.ts';
import { draw } from './chance.ts';
import type { Effect } from './effects.ts';
import type { Facts, FlowEvent, Outcome } from './events.ts';
import { LIMITS } from './limits.ts';
import { Memory } from './memory.ts';
import type { Node, NodeOf, Option } from './nodes.ts';
import { clip, menuMessage } from './outgoing.ts';
import type { Compiled, Program } from './program.ts';
import { runNode } from './run_node.ts';
import { finishNode } from './finish_node.ts';
import { scores } from './scores.ts';
import type { Ending, RunState, Visit } from './state.ts';
import { fill } from './template.ts';
import { referenceOf, textOf, type Value } from './variables.ts';

/** An effect before it is counted. */
type Wanted = Effect extends infer One ? (One extends Effect ? Omit<One, 'id'> : never) : never;

/** Ways that need not be drawn, and what happens without: these lead to a person, the others end the flow. */
const TO_A_PERSON = new Set(['other', 'invalid', 'error']);

/** Ways that, where they are not drawn, are the ordinary one. */
const LIKE_NEXT = new Set(['message', 'several']);

/** By which way a node is left, where that is known already: a replay's chance falls as it fell. */
export type Decide = (flow: string, node: Node, visits: readonly Visit[]) => string | undefined;

/** One event's way through a flow. */
export class Walk {
	readonly state: RunState;
	readonly facts: Facts;
	readonly memory: Memory;
	readonly effects: Effect[] = [];
	readonly visits: Visit[] = [];
	readonly at: number;
	readonly #program: Program;
	readonly #seed: number;
	readonly #decide: Decide | undefined;
	#steps = 0;
	#sends = 0;
	#fault: string | undefined;

	constructor(program: Program, before: RunState, event: FlowEvent, decide?: Decide) {
		this.#program = program;
		this.#decide = decide;
		this.state = { ...before, variables: { ...before.variables }, stack: [...before.stack] };
		this.facts = event.facts;
		this.at = event.at;
		this.#seed = event.seed;
		this.memory = new Memory(this.state, event.facts, event.at);
	}

	get flow(): Compiled | undefined {
		return this.#program.flows.get(this.state.flow);
	}

	node(id: string): Node | undefined {
		return this.flow?.nodes.get(id);
	}

	/** Begins at the start, with what whoever starts it gives. */
	begin(given: Record<string, Value>): void {
		const { flow } = this;
		if (!flow) return this.fail('flow_missing', '');
		this.#declare(flow, given);
		this.#run(flow.start);
	}

	/** Goes on from a node by one of its ways. */
	leave(node: string, branch: string): void {
		this.state.waiting = null;
		this.#visit(node, branch);
		this.#run(this.#way(node, branch));
	}

	/** Goes on from a node that asked a machine. */
	finish(id: string, outcome: Outcome): void {
		const node = this.node(id);
		if (node?.type === 'http' || node?.type === 'sgp' || node?.type === 'ai')
			this.leave(id, finishNode(this, node, outcome));
		else this.fail('node_missing', id);
	}

	#run(from: string | null): void {
		let at = from;
		while (at !== null) {
			const node = this.node(at);
			if (!node) return this.fail('node_missing', at);
			if (++this.#steps > LIMITS.stepsAnEvent || ++this.state.unanswered > LIMITS.stepsWithoutAnswer)
				return this.fail('loop', at);
			this.state.steps++;
			const branch = this.#decide?.(this.state.flow, node, this.visits) ?? runNode(this, node);
			if (branch === null) {
				this.#visit(node.id, null);
				return;
			}
			if (branch === 'call') {
				at = this.flow?.start ?? null;
				continue;
			}
			this.#visit(node.id, branch);
			if (branch === 'return') {
				at = this.#returned();
				continue;
			}
			at = this.#way(node.id, branch);
		}
	}

	/** The node that a way leads to. A way that is not drawn leads back to the flow that called, to a person, or ends. */
	#way(node: string, branch: string): string | null {
		const ways = this.flow?.ways.get(node);
		const next = ways?.get(branch) ?? (LIKE_NEXT.has(branch) ? ways?.get('next') : undefined);
		if (next !== undefined) return next;
		if (TO_A_PERSON.has(branch)) {
			this.want({ type: 'hand_over', team_id: null, agent_id: null, note: '', node });
			this.end({ how: 'handed_over' });
			return null;
		}
		return this.#returned();
	}

	/** Back in the flow that called, behind the node that did; ends where nobody called. */
	#returned(): string | null {
		const frame = this.state.stack.pop();
		if (!frame) {
			this.end({ how: 'completed' });
			return null;
		}
		const own = this.state.variables;
		const shared = Object.keys(frame.variables).filter((name) => Object.hasOwn(own, name));
		this.state.flow = frame.flow;
		this.state.variables = { ...frame.variables };
		for (const name of shared) this.state.variables[name] = own[name] ?? null;
		return this.#way(frame.node, 'next');
	}

	/** Enters another flow, which takes what it declares from this one by name, and gives it back. Null: it can't be. */
	call(node: NodeOf<'flow'>): 'call' | null {
		const flow = this.#program.flows.get(node.flow_id);
		if (!flow || this.state.stack.length >= LIMITS.stack) {
			this.fail(flow ? 'loop' : 'flow_missing', node.id);
			return null;
		}
		const { variables } = this.state;
		this.state.stack.push({ flow: this.state.flow, node: node.id, variables });
		this.#visit(node.id, 'call');
		this.state.flow = node.flow_id;
		this.state.variables = {};
		this.#declare(flow, variables);
		return 'call';
	}

	#declare(flow: Compiled, given: Record<string, Value>): void {
		for (const { name, initial } of flow.variables) {
			const value = Object.hasOwn(given, name) ? (given[name] ?? null) : initial;
			this.memory.set(name, value, flow);
		}
	}

	/** Waits for an answer to a node's question. */
	await(node: NodeOf<'buttons' | 'list' | 'question' | 'csat'>, tries = 0, asked_at = this.at): null {
		const until = node.timeout === null ? null : this.at + node.timeout * 1_000;
		this.state.waiting = { for: 'answer', node: node.id, token: ++this.state.tokens, tries, until, asked_at };
		return null;
	}

	pause(node: NodeOf<'wait'>): null {
		const until = this.at + node.seconds * 1_000;
		const { interrupt } = node;
		this.state.waiting = { for: 'time', node: node.id, token: ++this.state.tokens, until, interrupt };
		return null;
	}

	/** Waits for what comes of an effect. */
	awaitEffect(wanted: Wanted): null {
		const effect = this.want(wanted);
		this.state.waiting = { for: 'effect', node: wanted.node, token: ++this.state.tokens, effect };
		return null;
	}

	/** Asks by buttons or a list, with these words. */
	ask(node: NodeOf<'buttons' | 'list' | 'csat'>, words: string): void {
		const sections =
			node.type === 'list'
				? node.sections.map(({ title, options }) => ({ title: this.fill(title), options: this.filled(options) }))
				: [{ title: '', options: node.type === 'csat' ? scores(node.scale) : this.filled(node.options) }];
		const menu = {
			text: words,
			footer: node.type === 'csat' ? '' : this.fill(node.footer),
			button: node.type === 'list' ? this.fill(node.button) : node.type === 'csat' ? 'Avaliar' : 'Ver opções',
			sections,
			prefix: `${node.id}:`
		};
		this.send(node.id, menuMessage(menu, node.type === 'list'));
	}

	send(node: string, content: OutgoingContent): void {
		if (++this.#sends > LIMITS.sendsAnEvent) this.fault('too_many_messages');
		else this.want({ type: 'send', content, node });
	}

	act(node: string, action: Action): void {
		this.want({ type: 'act', action, node });
	}

	rated(node: NodeOf<'csat'>, score: number): void {
		if (node.save_as) this.write(node.save_as, score);
		this.want({ type: 'csat', score, node: node.id });
	}

	want(wanted: Wanted): number {
		const id = ++this.state.effects;
		this.effects.push({ id, ...wanted } as Effect);
		return id;
	}

	/** Writes a variable; what belongs to the contact or the conversation is written there too. */
	write(reference: string, value: Value): void {
		if (!this.flow) return;
		const kept = this.memory.set(reference, value, this.flow);
		const { scope, key } = referenceOf(reference) ?? {};
		if ((scope !== 'contact' && scope !== 'conversation') || key === undefined) return;
		const written = typeof kept === 'object' ? (kept === null ? null : clip(textOf(kept), 2_000)) : kept;
		const attribute = typeof written === 'string' ? clip(written, 2_000) || null : written;
		this.act('', {
			type: scope === 'contact' ? 'set_contact_attribute' : 'set_conversation_attribute',
			key,
			value: attribute
		});
	}

	readonly fill = (text: string): string => fill(text, this.memory.get);

	filled(options: readonly Option[]): Option[] {
		return options.map(({ id, label, description }) => ({
			id,
			label: this.fill(label),
			...(description ? { description: this.fill(description) } : {})
		}));
	}

	/** Chance: a number from 0 up to 1, another at every node. */
	draw(): number {
		return draw(this.#seed, this.state.steps);
	}

	/** Notes that something went wrong at the node at hand, and goes on. */
	fault(code: string): void {
		this.#fault ??= code;
	}

	end(ending: Ending): void {
		this.state.ended = ending;
		this.state.waiting = null;
	}

	/** Ends where the flow can't go on: a person must. */
	fail(code: string, node: string): void {
		this.fault(code);
		this.#visit(node, null);
		this.want({ type: 'hand_over', team_id: null, agent_id: null, note: '', node });
		this.end({ how: 'failed', code, node });
	}

	#visit(node: string, branch: string | null): void {
		const { steps, flow } = this.state;
		this.visits.push({ step: steps, flow, node, branch, ...(this.#fault && { fault: this.#fault }) });
		this.#fault = undefined;
	}
}
