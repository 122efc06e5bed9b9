import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDecision, type Decision } from './decision.ts';

const decision: Decision = {
	intent: 'second_invoice',
	sentiment: 'neutral',
	urgency: 'high',
	language: 'pt-BR',
	temperature: 'cold',
	hand_over: false,
	reason: 'Pede a segunda via: "urgente", {hoje}.',
	confidence: 0.9,
	facts: ['Tem um Gol 2014']
};
const json = JSON.stringify(decision);

test('JSON is read as it stands', () => {
	expect(readDecision(json)).toEqual({ ok: true, decision, repaired: false });
});

test.for([
	['in a fence', '```json\n' + json + '\n```'],
	['among words', `Aqui está:\n${json}\nEspero ter ajudado!`],
	['with a comma too many', json.replace('}', '').replace(/\}?$/, ',}')],
	[
		'in single quotes',
		"{'intent':'second_invoice','sentiment':'neutral','urgency':'high','language':'pt-BR','temperature':'cold','hand_over':false,'reason':'Pede a segunda via: \"urgente\", {hoje}.','confidence':0.9}"
	],
	['as Python prints it', json.replace('false', 'False')],
	['without its end', json.slice(0, -1)]
])('an object %s is repaired', ([, answer]) => {
	const read = readDecision(answer ?? '');
	expect(read).toMatchObject({
		ok: true,
		repaired: true,
		decision: { sentiment: 'neutral', urgency: 'high', hand_over: false }
	});
});

test('words in Portuguese are understood, what is too long is cut, what is missing and may be is filled', () => {
	const answer = {
		intent: 'Segunda Via!',
		sentiment: 'NEGATIVO',
		urgency: 'Média',
		hand_over: 'sim',
		reason: 'x '.repeat(200)
	};
	const read = readDecision(JSON.stringify(answer));
	expect(read).toMatchObject({
		ok: true,
		decision: {
			intent: 'segunda_via',
			sentiment: 'negative',
			urgency: 'normal',
			hand_over: true,
			language: 'und',
			temperature: 'cold',
			confidence: 0
		}
	});
	expect(read.ok && read.decision.reason.length).toBeLessThanOrEqual(160);
});

test.for([
	['nothing', ''],
	['talk', 'O cliente parece irritado.'],
	['a list', '[1, 2]'],
	['no word on handing over', JSON.stringify({ ...decision, hand_over: undefined })],
	['an urgency there is not', JSON.stringify({ ...decision, urgency: 'somewhat' })],
	['a place on the prototype', JSON.stringify({ ...decision, urgency: 'constructor' })]
])('%s is no decision, and the place is named', ([, answer]) => {
	expect(readDecision(answer ?? '')).toEqual({ ok: false, problem: expect.stringMatching(/JSON|hand_over|urgency/) });
});

test('nothing that a model can answer throws, and what is read keeps to the schema', () => {
	const broken = fc
		.tuple(fc.nat(json.length), fc.nat(json.length), fc.string())
		.map(([from, to, put]) => json.slice(0, from) + put + json.slice(to));
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.json(), broken), (answer) => {
			const read = readDecision(answer);
			if (!read.ok) return;
			expect(['low', 'normal', 'high']).toContain(read.decision.urgency);
			expect(typeof read.decision.hand_over).toBe('boolean');
			expect(read.decision.reason.length).toBeLessThanOrEqual(160);
		}),
		{ numRuns: 500 }
	);
});
