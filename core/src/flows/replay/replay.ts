import { seedOf } from '../chance.ts';
import type { FlowEvent, Facts, Outcome } from '../events.ts';
import type { Node } from '../nodes.ts';
import type { Program } from '../program.ts';
import { newState, type RunState, type Visit, type Waiting } from '../state.ts';
import { step } from '../step.ts';
import { LivedRun } from './lived.ts';
import type { Recorded } from './record.ts';
import { imagined, type Guess } from './imagined.ts';

/**
 * How a conversation comes out. `left`: the customer was given up in the middle, by going, or because a person took over;
 * `unknown`: it would have been asked something that nobody ever asked it.
 */
export const ENDINGS = ['completed', 'handed_over', 'failed', 'left', 'unknown'] as const;
export type ReplayEnding = (typeof ENDINGS)[number];

export type Passing = Pick<Visit, 'flow' | 'node' | 'branch'>;

export interface Replayed {
	ending: ReplayEnding;
	/** The nodes in their order; where it waited and went on, once. */
	path: Passing[];
	/** Messages that the bot said. */
	said: number;
	/** Whether a machine's answer had to be guessed, because it was never asked. */
	guessed: boolean;
}

/** Nobody's conversation holds so much; a drawing that goes round by time alone does. */
const MOST_EVENTS = 500;

type Bare = FlowEvent extends infer One ? (One extends FlowEvent ? Omit<One, 'at' | 'seed' | 'facts'> : never) : never;

/**
 * Runs a program over what happened in a conversation. Pure, and nobody is asked or told anything: the customer says what
 * they said, machines answer what they answered or what `guess` chooses, and chance falls as it fell. Over its own runs a
 * version comes to what it came to.
 */
export function replay(program: Program, recorded: Recorded, guess: Guess): Replayed {
	const one = new Replay(program, recorded, guess);
	return one.run();
}

class Replay {
	readonly #program: Program;
	readonly #recorded: Recorded;
	readonly #guess: Guess;
	readonly #lived: LivedRun | null;
	readonly #visits: Visit[] = [];
	#facts: Facts;
	#state: RunState;
	#at: number;
	#events = 0;
	#heard = 0;
	#said = 0;
	#guessed = false;

	constructor(program: Program, recorded: Recorded, guess: Guess) {
		this.#program = program;
		this.#recorded = recorded;
		this.#guess = guess;
		this.#lived = recorded.run && new LivedRun(recorded.run);
		this.#facts = recorded.facts;
		this.#state = newState(program.root);
		this.#at = recorded.run?.steps[0]?.at ?? recorded.started_at;
	}

	run(): Replayed {
		const { first: message, variables, run } = this.#recorded;
		// It ended before it had begun: nothing is known of how it would have.
		if (run?.steps.length === 0) return this.#come(run.outcome === 'failed' ? 'failed' : 'left');
		this.#happens({ type: 'start', message, variables });
		while (!this.#state.ended && this.#events < MOST_EVENTS) {
			if (run?.outcome === 'failed' && this.#lived?.isWhole()) return this.#come('failed');
			const { waiting } = this.#state;
			if (!waiting || !this.#goOn(waiting)) break;
		}
		return this.#come(this.#state.ended?.how ?? this.#stillWaiting());
	}

	/** Whether something more happened. */
	#goOn(waiting: Waiting): boolean {
		const flow = this.#state.flow;
		const node = this.#program.flows.get(flow)?.nodes.get(waiting.node);
		if (!node) return false;
		const exit = this.#lived?.exit(flow, node.id) ?? null;
		if (waiting.for === 'effect') {
			const outcome = this.#answer(flow, node);
			if (!outcome) return false;
			this.#goTo(exit?.at);
			this.#happens({ type: 'result', effect: waiting.effect, outcome });
			return true;
		}
		const next = this.#recorded.heard[this.#heard];
		if (this.#isOver(waiting, node, exit)) {
			this.#goTo(exit && isByTime(node, exit.branch) ? exit.at : (waiting.until ?? undefined));
			this.#happens({ type: 'timeout', token: waiting.token });
			return true;
		}
		if (!next) return false;
		this.#heard++;
		this.#goTo(next.handled_at);
		this.#happens({ type: 'message', message: next.message });
		return true;
	}

	/** Whether what is waited for is over before the customer says more. */
	#isOver(
		waiting: Exclude<Waiting, { for: 'effect' }>,
		node: Node,
		exit: { branch: string; at: number } | null
	): boolean {
		const { until } = waiting;
		if (until === null) return false;
		const next = this.#recorded.heard[this.#heard];
		const lived = this.#lived;
		// A node that waits as long as it did waited as it did: workers may be late.
		if (lived?.isSame(this.#state.flow, node)) {
			if (exit) return isByTime(node, exit.branch) && !(next && next.handled_at <= exit.at);
			if (!lived.isParted()) return false;
		}
		return until <= this.#recorded.until && !(next && next.message.received_at <= until);
	}

	/** What a machine says. Null: it never answered, and nobody knows what then. */
	#answer(flow: string, node: Node): Outcome | null {
		const answer = this.#lived?.answer(flow, node);
		if (answer !== undefined) return answer;
		this.#guessed = true;
		return imagined(node, this.#guess);
	}

	#goTo(at: number | undefined): void {
		this.#at = Math.max(this.#at, at ?? this.#at);
	}

	#happens(event: Bare): void {
		const whole = {
			at: this.#at,
			seed: seedOf(`${this.#recorded.run?.id ?? this.#recorded.started_at}:${this.#events++}`),
			facts: this.#facts,
			...event
		} as FlowEvent;
		const { state, effects, visits } = step(this.#program, this.#state, whole, (flow, node, so) =>
			this.#lived?.decide(flow, node, so)
		);
		this.#lived?.came(visits);
		this.#state = state;
		this.#visits.push(...visits);
		for (const effect of effects) {
			if (effect.type === 'send') this.#said++;
			if (effect.type !== 'act') continue;
			const { action } = effect;
			if (action.type === 'set_contact_attribute') this.#write('contact', action.key, action.value);
			if (action.type === 'set_conversation_attribute') this.#write('conversation', action.key, action.value);
		}
	}

	#write(of: 'contact' | 'conversation', key: string, value: string | number | boolean | null): void {
		const facts = this.#facts[of];
		this.#facts = { ...this.#facts, [of]: { ...facts, attributes: { ...facts.attributes, [key]: value } } };
	}

	#stillWaiting(): ReplayEnding {
		const outcome = this.#recorded.run?.outcome;
		return outcome === 'closed' || outcome === 'taken_over' || outcome === 'stopped' ? 'left' : 'unknown';
	}

	#come(ending: ReplayEnding): Replayed {
		return { ending, path: pathOf(this.#visits), said: this.#said, guessed: this.#guessed };
	}
}

/** Whether a way is the one that time takes. */
const isByTime = (node: Node, branch: string): boolean => branch === (node.type === 'wait' ? 'next' : 'timeout');

/** A path without the standing still: a node that waited and was left is named once. */
export function pathOf(visits: readonly Passing[]): Passing[] {
	return visits
		.filter((visit, place) => {
			const next = visits[place + 1];
			return !(visit.branch === null && next?.node === visit.node && next.flow === visit.flow);
		})
		.map(({ flow, node, branch }) => ({ flow, node, branch }));
}
