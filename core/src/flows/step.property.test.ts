import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkContent } from '../whatsapp/outgoing/content.ts';
import type { FlowEvent } from './events.ts';
import { parseFlow, type Flow } from './flow.ts';
import { LIMITS } from './limits.ts';
import { facts, NOON, OTHER, program, ROOT } from './samples.testing.ts';
import { newState, type RunState } from './state.ts';
import { step } from './step.ts';
import { branchesOf } from './branches.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const text = fc.oneof(
	fc.constantFrom('Oi', '{{n}}', '{{contact.name}} {{x|nada}}', '', 'ã'.repeat(5_000), '{{', '{{x}}{{x}}{{x}}'),
	fc.string({ unit: 'binary', maxLength: 30 }).filter((one) => !one.includes('\0') && one.isWellFormed())
);
const expression = fc.constantFrom(
	'n + 1',
	'x + x',
	'n / 0',
	'[1,2,3].map(i, i * n)',
	'contact.plano == "Ouro"',
	'nope',
	'n'
);
const options = fc.uniqueArray(
	fc.record({ id: fc.constantFrom('o1', 'o2', 'o3'), label: text.map((one) => one.slice(0, 200)) }),
	{
		selector: ({ id }) => id,
		maxLength: 3
	}
);
const timeout = fc.constantFrom(null, 5, 60);
const target = fc.constantFrom(null, 'n', 'x', 'contact.plano');
const retries = fc.record({ most: fc.integer({ min: 0, max: 2 }), text });

const body: fc.Arbitrary<object> = fc.oneof(
	fc.record({ type: fc.constant('message'), text }),
	fc.record({ type: fc.constant('buttons'), text, options, save_as: target, retries, timeout }),
	fc.record({
		type: fc.constant('list'),
		text,
		sections: fc.tuple(options, fc.boolean()).map(([all, two]) => {
			const middle = two ? 1 : all.length;
			return [{ options: all.slice(0, middle) }, ...(two ? [{ options: all.slice(middle) }] : [])];
		}),
		retries,
		timeout
	}),
	fc.record({
		type: fc.constant('question'),
		text,
		answer: fc.record({
			kind: fc.constantFrom('text', 'name', 'cpf', 'date', 'number', 'media', 'location', 'choice')
		}),
		save_as: target,
		retries,
		timeout,
		early: fc.constantFrom('skip', 'take')
	}),
	fc.record({
		type: fc.constant('condition'),
		cases: fc.tuple(
			fc.record({ id: fc.constant('o1'), when: expression.map((one) => ({ type: 'expression', expression: one })) })
		)
	}),
	fc.record({
		type: fc.constant('set'),
		set: fc.tuple(
			fc.record({
				variable: fc.constantFrom('n', 'x'),
				to: fc.oneof(
					expression.map((one) => ({ expression: one })),
					text.map((one) => ({ text: one }))
				)
			})
		)
	}),
	fc.record({ type: fc.constant('wait'), seconds: fc.constantFrom(1, 60), interrupt: fc.boolean() }),
	fc.constant({ type: 'http', method: 'GET', url: 'https://a.test/{{x}}', save: [{ variable: 'x', path: 'a' }] }),
	fc.constant({ type: 'ai', prompt: '{{x}}', save_as: 'x' }),
	fc.constant({
		type: 'split',
		variants: [
			{ id: 'o1', weight: 1 },
			{ id: 'o2', weight: 1 }
		]
	}),
	fc.constant({ type: 'hours' }),
	fc.constant({ type: 'csat', text: 'Nota?' }),
	fc.constantFrom({ type: 'flow', flow_id: ROOT }, { type: 'flow', flow_id: OTHER }),
	fc.constantFrom(
		{ type: 'handover' },
		{ type: 'end' },
		{ type: 'end', close: true },
		{ type: 'lead', temperature: 'hot', value: 'n' }
	)
);

/** Flows as nobody would draw them: every way leads anywhere. */
const flows: fc.Arbitrary<Flow> = fc
	.tuple(fc.tuple(...ids.map(() => body)), fc.infiniteStream(fc.constantFrom(...ids, null)))
	.map(([bodies, targets]) => {
		const nodes = [{ id: 's', type: 'start' }, ...bodies.map((one, index) => ({ id: ids[index], ...one }))];
		const read = parseFlow({
			format: 1,
			nodes,
			edges: [],
			variables: [
				{ name: 'n', type: 'number', initial: 0 },
				{ name: 'x', type: 'text' }
			]
		});
		if (!read.flow) throw new Error(JSON.stringify(read.faults));
		const edges = read.flow.nodes.flatMap((node) =>
			branchesOf(node).flatMap(({ id }) => {
				const to = targets.next().value;
				return to === null || to === undefined ? [] : [{ from: node.id, branch: id, to }];
			})
		);
		return { ...read.flow, edges };
	});

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
