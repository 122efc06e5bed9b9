import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkContent } from '../whatsapp/outgoing/content.ts';
import type { FlowEvent } from './events.ts';
import { flows, text } from './drawn.testing.ts';
import type { Flow } from './flow.ts';
import { LIMITS } from './limits.ts';
import { facts, NOON, program, ROOT } from './samples.testing.ts';
import { newState, type RunState } from './state.ts';
import { step } from './step.ts';

const happenings = fc.array(
	fc.record({
		type: fc.constantFrom('message', 'message', 'timeout', 'result'),
		text: fc.oneof(fc.constantFrom('1', 'oi', '111.444.777-35', '5'), text),
		ok: fc.boolean(),
		tap: fc.constantFrom(null, 'a:o1', 'b:o2'),
		late: fc.boolean(),
		seed: fc.nat()
	}),
	{ maxLength: 25 }
);

function eventsOf(
	list: typeof happenings extends fc.Arbitrary<infer T> ? T : never
): ((state: RunState) => FlowEvent)[] {
	let at = NOON;
	return list.map(({ type, text: words, ok, tap, late, seed }, index) => (state): FlowEvent => {
		at += 3_600_000;
		const base = { at, seed, facts };
		if (type === 'timeout') return { ...base, type, token: late ? 0 : (state.waiting?.token ?? 0) };
		if (type === 'result') {
			const effect = state.waiting?.for === 'effect' ? state.waiting.effect : 0;
			return { ...base, type, effect, outcome: ok ? { ok, body: { a: words }, text: words } : { ok, code: 'timeout' } };
		}
		const received_at = late ? 0 : at;
		return {
			...base,
			type: 'message',
			message: { id: `m${index}`, seq: index, kind: 'text', text: words, choice: tap, received_at }
		};
	});
}

function run(of: readonly [Flow, Flow], list: Parameters<typeof eventsOf>[0]) {
	const made = program(...of);
	const events: FlowEvent[] = [{ type: 'start', at: NOON, seed: 1, facts, message: null }];
	const first = step(made, newState(ROOT), events[0] as FlowEvent);
	const steps = [first];
	for (const next of eventsOf(list)) {
		const { state } = steps.at(-1) ?? first;
		const event = next(state);
		events.push(event);
		steps.push(step(made, state, event));
	}
	return { made, events, steps };
}

const cases = [fc.tuple(flows, flows), happenings] as const;

test('whatever is drawn and whatever happens, every event comes to an end within its bounds', () => {
	fc.assert(
		fc.property(...cases, (of, list) => {
			for (const { effects, visits, state } of run(of, list).steps) {
				expect(visits.length).toBeLessThanOrEqual(2 * LIMITS.stepsAnEvent + 2);
				expect(effects.filter(({ type }) => type === 'send').length).toBeLessThanOrEqual(LIMITS.sendsAnEvent);
				expect(state.ended === null || state.waiting === null).toBe(true);
				expect(state.steps === 0 || state.ended !== null || state.waiting !== null).toBe(true);
				expect(JSON.stringify(state).length).toBeLessThan(500_000);
			}
		}),
		{ numRuns: 300 }
	);
});

test('replayed, a run is the run that was, though its state has been to the database and back', () => {
	fc.assert(
		fc.property(...cases, (of, list) => {
			const { made, events, steps } = run(of, list);
			let state = newState(ROOT);
			events.forEach((event, index) => {
				const before = JSON.stringify(state);
				const again = step(made, state, event);
				expect(JSON.stringify(state)).toBe(before);
				expect(again).toEqual(steps[index]);
				state = JSON.parse(JSON.stringify(again.state)) as RunState;
			});
		}),
		{ numRuns: 200 }
	);
});

test('effects are counted without a gap, and what is sent WhatsApp takes, but for what a draft left empty', () => {
	const drafts = new Set([
		'body_empty',
		'text_empty',
		'button_title_empty',
		'buttons_missing',
		'row_title_empty',
		'rows_missing',
		'sections_missing',
		'buttons_repeated'
	]);
	fc.assert(
		fc.property(...cases, (of, list) => {
			const effects = run(of, list).steps.flatMap((one) => one.effects);
			expect(effects.map(({ id }) => id)).toEqual(effects.map((_, index) => index + 1));
			for (const effect of effects) {
				const fault = effect.type === 'send' ? checkContent(effect.content) : null;
				expect(fault === null || drafts.has(fault.code) ? null : [fault, effect]).toBeNull();
			}
		}),
		{ numRuns: 200 }
	);
});
