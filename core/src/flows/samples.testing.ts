import type { Inbound } from './answers/read.ts';
import type { Facts, FlowEvent } from './events.ts';
import { parseFlow, type Flow } from './flow.ts';
import { compile, type Program } from './program.ts';
import { step, type Step } from './step.ts';
import { newState, type RunState } from './state.ts';

export const ROOT = '11111111-1111-4111-8111-111111111111';
export const OTHER = '22222222-2222-4222-8222-222222222222';
export const NOON = Date.parse('2026-11-20T15:00:00Z');

export const facts: Facts = {
	tenant: { id: 't', name: 'Padaria Pão Quente', timezone: 'America/Sao_Paulo', variables: { frete: 8 } },
	contact: { id: 'c', name: 'Maria Souza', phone: '5511987654321', language: null, attributes: { plano: 'Ouro' } },
	conversation: { id: 'v', channel_type: 'whatsapp', priority: 0, attributes: {} },
	subject: null,
	open: { '': true }
};

/** A flow from nodes and lines `a > b` or `a:branch > b`. Throws where it is none. */
export function flow(nodes: object[], lines: string[], variables: object[] = []): Flow {
	const edges = lines.map((line) => {
		const [, from, branch = 'next', to] = /^(\S+?)(?::(\S+))? > (\S+)$/.exec(line) ?? [];
		return { from, branch, to };
	});
	const read = parseFlow({ format: 1, nodes, edges, variables });
	if (!read.flow) throw new Error(JSON.stringify(read.faults));
	return read.flow;
}

export const program = (root: Flow, other?: Flow): Program => ({
	root: ROOT,
	flows: new Map([[ROOT, compile(root)], ...(other ? [[OTHER, compile(other)] as const] : [])])
});

let seq = 0;
export const said = (text: string, more: Partial<Inbound> = {}): Inbound => ({
	id: `m${++seq}`,
	seq,
	kind: 'text',
	text,
	received_at: NOON + 1_000,
	...more
});

/** A chat with a flow: what one says, and what one is answered. */
export class Chat {
	state: RunState;
	last: Step;
	readonly events: FlowEvent[] = [];
	readonly #program: Program;
	#at = NOON;

	constructor(of: Program, given: Partial<Facts> = {}, first = 'oi') {
		this.#program = of;
		this.facts = { ...facts, ...given };
		this.state = newState(of.root);
		this.last = { state: this.state, effects: [], visits: [] };
		this.#take({ type: 'start', message: said(first) });
	}

	readonly facts: Facts;

	say(text: string, more: Partial<Inbound> = {}): this {
		return this.#take({ type: 'message', message: said(text, { received_at: this.#at + 1, ...more }) });
	}

	tap(id: string): this {
		return this.say('', { choice: id, kind: 'interactive' });
	}

	/** Lets time go by, until what is waited for is over. */
	wait(): this {
		const { waiting } = this.state;
		if (waiting && waiting.for !== 'effect' && waiting.until !== null) this.#at = waiting.until;
		return this.#take({ type: 'timeout', token: waiting?.token ?? 0 });
	}

	answered(outcome: Extract<FlowEvent, { type: 'result' }>['outcome']): this {
		const { waiting } = this.state;
		return this.#take({ type: 'result', effect: waiting?.for === 'effect' ? waiting.effect : 0, outcome });
	}

	#take(event: object): this {
		this.#at += 2_000;
		const whole = { at: this.#at, seed: 7, facts: this.facts, ...event } as FlowEvent;
		this.events.push(whole);
		this.last = step(this.#program, this.state, whole);
		this.state = this.last.state;
		return this;
	}

	/** What the last event had sent, as texts. */
	get told(): string[] {
		return this.last.effects.flatMap((effect) => {
			if (effect.type !== 'send') return [];
			const { content } = effect;
			if (content.kind === 'text') return [content.text];
			return content.kind === 'interactive' ? [content.interactive.body?.text ?? ''] : [content.kind];
		});
	}

	done(type: string): object[] {
		return this.last.effects.filter((effect) => effect.type === type);
	}
}
