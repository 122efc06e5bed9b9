import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inbound } from '../answers/read.ts';
import { flows, text } from '../drawn.testing.ts';
import type { Facts, FlowEvent, Outcome } from '../events.ts';
import type { Program } from '../program.ts';
import { facts, NOON, program, ROOT } from '../samples.testing.ts';
import { newState, type Visit } from '../state.ts';
import { accepts, step } from '../step.ts';
import { compare } from './compare.ts';
import type { Heard, Recorded, RecordedStep, RunOutcome } from './record.ts';
import { replay } from './replay.ts';

/** What happens in a life: somebody writes, a machine answers, time goes by, the doors close, the worker is late. */
const life = fc.record({
	begun: fc.nat(),
	happenings: fc.array(
		fc.record({
			after: fc.constantFrom(0, 1, 900, 4_000, 61_000, 200_000),
			late: fc.constantFrom(0, 3, 40, 70_000),
			does: fc.constantFrom('write', 'write', 'nothing'),
			words: fc.oneof(fc.constantFrom('1', '2', 'oi', '111.444.777-35', '5', 'Maria Souza'), text),
			tap: fc.constantFrom(null, null, 'a:o1', 'b:o2'),
			machine: fc.constantFrom('answers', 'answers', 'fails', 'silent'),
			plan: fc.constantFrom('Ouro', 'Prata', null),
			open: fc.boolean(),
			seed: fc.nat()
		}),
		{ maxLength: 25 }
	),
	goes: fc.constantFrom('closed', 'taken_over', 'stopped')
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

/** Lives a run as the worker does: what was said is read together, what is due comes behind it. */
function live(made: Program, { happenings, begun, goes }: Life): { recorded: Recorded; visits: Visit[] } {
	const steps: RecordedStep[] = [];
	const calls = new Map<number, Outcome | null>();
	const heard: Heard[] = [];
	const visits: Visit[] = [];
	const waiting: Inbound[] = [];
	let state = newState(ROOT);
	let now = NOON;
	let known: Facts = facts;
	const happens = (at: number, seed: number, event: object) => {
		const next = step(made, state, { at, seed, facts: known, ...event } as FlowEvent);
		state = next.state;
		visits.push(...next.visits);
		steps.push(...next.visits.map(({ flow, node, branch }) => ({ flow, node, branch, at })));
		for (const effect of next.effects)
			if (effect.type === 'http' || effect.type === 'sgp' || effect.type === 'ai') calls.set(effect.id, null);
	};
	happens(NOON, begun, { type: 'start', message: null });
	happenings.forEach(({ after, late, does, words, tap, machine, plan, open, seed }, place) => {
		if (state.ended) return;
		now += after;
		known = { ...facts, contact: { ...facts.contact, attributes: { plano: plan } }, open: { '': open } };
		if (does === 'write')
			waiting.push({ id: `m${place}`, seq: place, kind: 'text', text: words, choice: tap, received_at: now });
		// What was there when it was read was read.
		const at = (now += late + 1);
		if (state.waiting?.for === 'effect' && machine !== 'silent') {
			const ok = machine === 'answers';
			const outcome: Outcome = ok ? { ok, body: { a: words }, text: words } : { ok, code: 'timeout' };
			calls.set(state.waiting.effect, outcome);
			happens(at, seed, { type: 'result', effect: state.waiting.effect, outcome });
		}
		while (waiting[0] && accepts(state, 'message')) {
			const message = waiting.shift() as Inbound;
			heard.push({ message, handled_at: at });
			happens(at, seed, { type: 'message', message });
		}
		const wait = state.waiting;
		if (wait && wait.for !== 'effect' && wait.until !== null && wait.until <= at)
			happens(at, seed, { type: 'timeout', token: wait.token });
	});
	const outcome: RunOutcome = state.ended?.how ?? (goes as RunOutcome);
	return {
		recorded: {
			run: {
				id: 'run',
				program: made,
				outcome,
				steps,
				calls: [...calls].sort(([a], [b]) => a - b).map(([, one]) => one)
			},
			started_at: NOON,
			first: null,
			variables: {},
			heard,
			until: now,
			// As they are today, whatever they were then.
			facts: { ...facts, contact: { ...facts.contact, attributes: { plano: 'Bronze' } }, open: { '': true } }
		},
		visits
	};
}

test('a version replayed over its own runs changes nothing, though chance, doors and customers are others today', () => {
	let long = 0;
	fc.assert(
		fc.property(fc.tuple(flows, flows), life, (drawn, lived) => {
			const made = program(...drawn);
			const found = live(made, lived);
			if (found.visits.length > 8) long++;
			const compared = compare(found.recorded.run, 1, replay(made, found.recorded, 'works'));
			expect(compared.after_path).toEqual(compared.before_path);
			expect(compared).toMatchObject({ changed: false, guessed: false, after: compared.before });
		}),
		{ numRuns: 2_000 }
	);
	expect(long, 'runs that came through several nodes').toBeGreaterThan(100);
});

test('whatever is replayed over whatever was lived comes to an end, and says the same twice', () => {
	fc.assert(
		fc.property(fc.tuple(flows, flows), fc.tuple(flows, flows), life, (drawn, draft, lived) => {
			const found = live(program(...drawn), lived);
			const made = program(...draft);
			const once = replay(made, found.recorded, 'fails');
			expect(replay(made, found.recorded, 'fails')).toEqual(once);
			expect(once.path.length).toBeGreaterThan(0);
		}),
		{ numRuns: 300 }
	);
});
