import type { Effect } from '@prosa/core/flows/effects.ts';
import type { Facts, FlowEvent, Outcome } from '@prosa/core/flows/events.ts';
import type { Flow } from '@prosa/core/flows/flow.ts';
import { compile, type Program } from '@prosa/core/flows/program.ts';
import { newState, type RunState, type Visit } from '@prosa/core/flows/state.ts';
import { step } from '@prosa/core/flows/step.ts';

/** What is tapped in a menu. */
export interface Choice {
	id: string;
	label: string;
	description?: string | undefined;
}

/** A line of the chat, in the order it was said. */
export type Line =
	| { by: 'bot'; text: string; footer: string; choices: Choice[]; node: string; media: string | null }
	| { by: 'customer'; text: string }
	/** What was done that a customer does not see. */
	| { by: 'system'; effect: Effect };

/** A conversation with a drawing that nobody but its author has: the same lines of code that a real one runs. */
export interface Trial {
	state: RunState;
	lines: readonly Line[];
	visits: readonly Visit[];
	/** The trial's own clock. */
	at: number;
	seq: number;
}

/** What the drawing itself goes by in a trial. */
const DRAFT = 'trial';

/** Which blocks of the drawing a trial came through, and where on it the trial stands, be it within another flow. */
export function onDrawing({ state, visits }: Trial): { visited: ReadonlySet<string>; current: string | null } {
	const own = visits.filter(({ flow }) => flow === DRAFT);
	const here = state.flow === DRAFT ? state.waiting?.node : state.stack.find(({ flow }) => flow === DRAFT)?.node;
	return { visited: new Set(own.map(({ node }) => node)), current: here ?? own.at(-1)?.node ?? null };
}

type Happening = FlowEvent extends infer One
	? One extends FlowEvent
		? Omit<One, 'at' | 'seed' | 'facts'>
		: never
	: never;

/** Who the author talks as. */
export const factsOf = (tenant: Facts['tenant'], open: boolean, hours: readonly string[]): Facts => ({
	tenant,
	contact: { id: 'trial', name: 'Maria Souza', phone: '5511987654321', language: null, attributes: {} },
	conversation: { id: 'trial', channel_type: 'whatsapp', priority: 0, attributes: {} },
	subject: null,
	open: Object.fromEntries(['', ...hours].map((team) => [team, open]))
});

export class Trying {
	readonly #program: Program;
	readonly #facts: Facts;
	readonly #seed: number;

	/** `called`: the published versions of the flows that it calls, by their ids. */
	constructor(flow: Flow, facts: Facts, seed: number, called: ReadonlyMap<string, Flow> = new Map()) {
		const others = [...called].map(([id, one]) => [id, compile(one)] as const);
		this.#program = { root: DRAFT, flows: new Map([...others, [DRAFT, compile(flow)]]) };
		this.#facts = facts;
		this.#seed = seed;
	}

	begin(text: string, at: number): Trial {
		const lines: Line[] = text === '' ? [] : [{ by: 'customer', text }];
		const trial: Trial = { state: newState(DRAFT), lines, visits: [], at, seq: 1 };
		const message = { id: 'm1', seq: 1, kind: 'text', text, received_at: at };
		return this.#take(trial, { type: 'start', message: text === '' ? null : message });
	}

	say(trial: Trial, text: string, choice: string | null = null): Trial {
		const seq = trial.seq + 1;
		const message = {
			id: `m${seq}`,
			seq,
			kind: choice ? 'interactive' : 'text',
			text,
			choice,
			received_at: trial.at + 1_000
		};
		const said: Trial = { ...trial, seq, lines: [...trial.lines, { by: 'customer', text }] };
		return this.#take(said, { type: 'message', message });
	}

	/** Lets the time go by that is waited for. */
	skip(trial: Trial): Trial {
		const { waiting } = trial.state;
		if (!waiting || waiting.for === 'effect' || waiting.until === null) return trial;
		return this.#take({ ...trial, at: Math.max(trial.at, waiting.until) }, { type: 'timeout', token: waiting.token });
	}

	/** Answers in the place of the machine that is asked. */
	answer(trial: Trial, outcome: Outcome): Trial {
		const { waiting } = trial.state;
		return waiting?.for === 'effect' ? this.#take(trial, { type: 'result', effect: waiting.effect, outcome }) : trial;
	}

	#take(trial: Trial, happening: Happening): Trial {
		const at = trial.at + 2_000;
		const { state, effects, visits } = step(this.#program, trial.state, {
			...happening,
			at,
			seed: this.#seed,
			facts: this.#facts
		} as FlowEvent);
		return {
			...trial,
			at,
			state,
			lines: [...trial.lines, ...effects.map(lineOf)],
			visits: [...trial.visits, ...visits]
		};
	}
}

function lineOf(effect: Effect): Line {
	if (effect.type !== 'send') return { by: 'system', effect };
	const { content, node } = effect;
	const said = { by: 'bot' as const, node, footer: '', choices: [], media: null };
	if (content.kind === 'text') return { ...said, text: content.text };
	if (content.kind === 'template') return { ...said, text: '', media: 'template' };
	if (content.kind !== 'interactive')
		return { ...said, text: 'caption' in content ? (content.caption ?? '') : '', media: content.kind };
	const { interactive } = content;
	const text = interactive.body?.text ?? '';
	const footer = 'footer' in interactive ? (interactive.footer?.text ?? '') : '';
	if (interactive.type === 'button') {
		const choices = interactive.action.buttons.map(({ reply }) => ({ id: reply.id, label: reply.title }));
		return { ...said, text, footer, choices };
	}
	if (interactive.type !== 'list') return { ...said, text, footer };
	const choices = interactive.action.sections.flatMap(({ rows }) =>
		rows.map(({ id, title, description }) => ({ id, label: title, description: description ?? undefined }))
	);
	return { ...said, text, footer, choices };
}
