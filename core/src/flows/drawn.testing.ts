import fc from 'fast-check';
import { branchesOf } from './branches.ts';
import { parseFlow, type Flow } from './flow.ts';
import { OTHER, ROOT } from './samples.testing.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
export const text = fc.oneof(
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
export const flows: fc.Arbitrary<Flow> = fc
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
