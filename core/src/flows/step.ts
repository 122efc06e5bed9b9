import { readAnswer, chosen, type Inbound } from './answers/read.ts';
import { again } from './answers/again.ts';
import type { Effect } from './effects.ts';
import type { FlowEvent } from './events.ts';
import { textMessage } from './outgoing.ts';
import type { Program } from './program.ts';
import { newState, type RunState, type Visit, type Waiting } from './state.ts';
import { scores } from './scores.ts';
import { Walk, type Decide } from './walk.ts';

/** What came of one event. */
export interface Step {
	state: RunState;
	effects: Effect[];
	visits: Visit[];
}

/** Whether an event may be given to a run as it stands: what the customer says while a machine is asked waits its turn. */
export function accepts(state: RunState, type: FlowEvent['type']): boolean {
	if (state.ended) return false;
	if (type === 'start') return state.waiting === null && state.steps === 0;
	if (type === 'message') return state.waiting?.for === 'answer' || state.waiting?.for === 'time';
	return type === 'result' ? state.waiting?.for === 'effect' : state.waiting !== null && state.waiting.for !== 'effect';
}

/**
 * Takes a run one event further. Pure: the same program, state and event give the same answer, and nothing that came in
 * is changed. It always ends, whatever the flow: within `LIMITS.stepsAnEvent` nodes. `decide`: what a replay knows better.
 */
export function step(program: Program, before: RunState, event: FlowEvent, decide?: Decide): Step {
	if (!accepts(before, event.type)) return { state: before, effects: [], visits: [] };
	const walk = new Walk(program, before, event, decide);
	const { state } = walk;
	if (event.type === 'start') {
		if (event.message) hear(state, event.message);
		walk.begin(event.variables ?? {});
	} else if (event.type === 'message') {
		hear(state, event.message);
		if (state.waiting?.for === 'answer') answer(walk, state.waiting, event.message, event.at);
		else if (state.waiting?.for === 'time' && state.waiting.interrupt) walk.leave(state.waiting.node, 'message');
	} else if (event.type === 'timeout') {
		const { waiting } = state;
		const due = waiting && waiting.for !== 'effect' && waiting.token === event.token && waiting.until !== null;
		if (due && waiting.until !== null && waiting.until <= event.at)
			walk.leave(waiting.node, waiting.for === 'answer' ? 'timeout' : 'next');
	} else if (state.waiting?.for === 'effect' && state.waiting.effect === event.effect) {
		walk.finish(state.waiting.node, event.outcome);
	}
	return { state, effects: walk.effects, visits: walk.visits };
}

/** Runs a program from nothing, for tests and simulators. */
export const begin = (program: Program, event: Extract<FlowEvent, { type: 'start' }>): Step =>
	step(program, newState(program.root), event);

function hear(state: RunState, message: Inbound): void {
	state.message = { text: message.text.slice(0, 5_000), kind: message.kind };
	state.unanswered = 0;
}

function answer(walk: Walk, waiting: Extract<Waiting, { for: 'answer' }>, message: Inbound, at: number): void {
	const node = walk.node(waiting.node);
	if (node?.type !== 'buttons' && node?.type !== 'list' && node?.type !== 'question' && node?.type !== 'csat') return;
	// Written before the customer saw the question: no answer to it. A tap always comes after.
	const early = message.received_at < waiting.asked_at && !message.choice;
	if (early && !(node.type === 'question' && node.early === 'take')) return;

	const prefix = `${node.id}:`;
	if (node.type === 'question') {
		const value = readAnswer(node.answer, message, walk.memory.today);
		if (value !== null) {
			if (node.save_as) walk.write(node.save_as, value);
			return walk.leave(node.id, 'next');
		}
	} else if (node.type === 'csat') {
		const score = chosen(scores(node.scale), message, prefix);
		if (score) {
			walk.rated(node, Number(score.id));
			return walk.leave(node.id, 'next');
		}
	} else {
		const options = node.type === 'buttons' ? node.options : node.sections.flatMap((section) => section.options);
		const option = chosen(walk.filled(options), message, prefix);
		if (option) {
			if (node.save_as) walk.write(node.save_as, option.label);
			return walk.leave(node.id, option.id);
		}
	}

	const tries = waiting.tries + 1;
	if (tries > node.retries.most) {
		if (node.save_as && (node.type === 'buttons' || node.type === 'list')) walk.write(node.save_as, message.text);
		return walk.leave(node.id, node.type === 'question' || node.type === 'csat' ? 'invalid' : 'other');
	}
	const kind = node.type === 'question' ? node.answer.kind : 'option';
	const words =
		node.retries.text.trim() === '' ? again(kind, walk.facts.contact.language) : walk.fill(node.retries.text);
	if (node.type === 'question') walk.send(node.id, textMessage(words));
	else walk.ask(node, words);
	walk.await(node, tries, at);
}
