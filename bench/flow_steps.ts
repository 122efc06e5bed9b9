import { compile } from '@prosa/core/flows/program.ts';
import { step } from '@prosa/core/flows/step.ts';
import { newState } from '@prosa/core/flows/state.ts';
import type { Facts, FlowEvent } from '@prosa/core/flows/events.ts';
import { parseFlow } from '@prosa/core/flows/flow.ts';
import type { Figure } from './figure.ts';
import { drawn } from './flow_drawn.ts';

const FLOW = 'f0000000-0000-4000-8000-000000000001';
const TARGET = 100_000;

const facts: Facts = {
	tenant: { id: 't', name: 'Padaria', timezone: 'America/Sao_Paulo', variables: {} },
	contact: { id: 'c', name: 'Maria Souza', phone: null, language: null, attributes: { plano: 'Ouro' } },
	conversation: { id: 'v', channel_type: 'whatsapp', priority: 0, attributes: {} },
	subject: null,
	open: { '': true }
};

/** The interpreter by itself: nodes run through a second, beside the copying of the same states and nothing else. */
export function benchFlowSteps(): Figure {
	const { flow } = parseFlow(drawn);
	if (!flow) throw new Error('the flow of the bench can not be read');
	const program = { root: FLOW, flows: new Map([[FLOW, compile(flow)]]) };
	const at = Date.parse('2026-11-21T15:00:00Z');
	const happening = { at, seed: 1, facts };
	const message = (text: string, choice: string | null): FlowEvent => ({
		...happening,
		type: 'message',
		message: { id: 'm', seq: 1, kind: 'text', text, choice, received_at: at + 1 }
	});
	const turn = [message('', 'menu:order'), message('12', null)];
	const begun = step(program, newState(FLOW), { ...happening, type: 'start', message: null }).state;

	const run = (ms: number): number => {
		let state = begun;
		const from = performance.now();
		let until = from;
		for (let round = 0; until - from < ms; round++) {
			for (let chat = 0; chat < 100; chat++) for (const event of turn) state = step(program, state, event).state;
			until = performance.now();
		}
		return ((state.steps - begun.steps) / (until - from)) * 1_000;
	};
	const bare = (ms: number): number => {
		let state = begun;
		const from = performance.now();
		let steps = 0;
		while (performance.now() - from < ms) {
			for (let chat = 0; chat < 100; chat++) {
				for (let event = 0; event < 2; event++)
					state = { ...state, variables: { ...state.variables }, stack: [...state.stack] };
				steps += 4;
			}
		}
		return (steps / (performance.now() - from)) * 1_000;
	};
	run(500);
	bare(200);
	return {
		name: 'flow interpreter alone, nodes',
		value: run(2_000),
		unit: '/s',
		target: TARGET,
		limit: { name: 'copying the states', value: bare(1_000) }
	};
}
