import { expect, test } from 'vitest';
import { Expected, faultsOf, type Judged } from './evaluation.ts';

const answer: Judged = {
	text: 'A troca de óleo custa\nR$ 189,00.',
	outcome: 'answered',
	intent: 'price_question',
	citations: [{ title: 'Serviços e preços' }],
	calls: [{ name: 'knowledge_search' }]
};
const faults = (expected: object, more: Partial<Judged> = {}) =>
	faultsOf(Expected.parse(expected), { ...answer, ...more }).map(({ check }) => check);

test('case, accents and line breaks make no difference', () => {
	expect(
		faults({ contains: ['TROCA DE OLEO custa R$ 189,00'], cites: 'servicos e precos', intent: 'Price question' })
	).toEqual([]);
});

test.each([
	['contains', { contains: ['R$ 200'] }, {}],
	['lacks', { lacks: ['r$ 189'] }, {}],
	['hand_over', { hand_over: true }, {}],
	['no_hand_over', { hand_over: false }, { outcome: 'handed_over' }],
	['cites', { cites: 'Garantia' }, {}],
	['calls', { calls: 'sgp_invoices' }, {}],
	['intent', { intent: 'person' }, {}],
	['contains', { contains: ['óleo'] }, { text: null }]
] as const)('what fails by %s is told so', (check, expected, more) => {
	expect(faults(expected, more)).toEqual([check]);
});

test('what is not asked for is not looked at', () => {
	expect(faults({}, { text: null, outcome: 'handed_over' })).toEqual([]);
});
