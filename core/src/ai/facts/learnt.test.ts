import { expect, test } from 'vitest';
import { learntFacts } from './learnt.ts';

const said = [
	{ seq: 1, author: 'customer', text: 'Bom dia' },
	{ seq: 2, author: 'company', text: 'Bom dia! Como posso ajudar?' },
	{ seq: 3, author: 'customer', text: 'Tenho um Gol 2014 e o freio está rangendo' },
	{ seq: 4, author: 'customer', text: 'Só consigo ir de manhã' }
];
const learnt = (...named: string[]) => learntFacts(named, said);

test('each fact is kept with the message whose words it has', () => {
	expect(learnt('Tem um Gol 2014', 'Prefere vir de manhã', 'Fala português')).toEqual([
		{ text: 'Tem um Gol 2014', seq: 3 },
		{ text: 'Prefere vir de manhã', seq: 4 },
		{ text: 'Fala português', seq: 4 }
	]);
});

test.for([
	['a CPF', 'O CPF é 529.982.247-25'],
	['what was masked', 'O CPF é [CPF_1]'],
	['a name, which has its own place', 'Chama-se [NAME_1]'],
	['an e-mail', 'Escreve de rita@exemplo.com'],
	['a phone', 'Atende em (11) 98765-4321'],
	['a card', 'Paga com 4111 1111 1111 1111'],
	['a CEP', 'Mora no CEP 01310-100'],
	['a PIX key', 'Pix 123e4567-e89b-12d3-a456-426614174000'],
	['a long text', 'x'.repeat(201)],
	['nothing', ' \u200b ']
])('%s is no fact', ([, text]) => {
	expect(learnt(text ?? '')).toEqual([]);
});

test('what breaks lines or hides is one plain line, and there are three at most', () => {
	expect(learnt('Tem um\n\u200bGol', 'b b', 'c c', 'd d').map(({ text }) => text)).toEqual([
		'Tem um Gol',
		'b b',
		'c c'
	]);
});

test('where the company spoke last nothing was learnt', () => {
	expect(learntFacts(['Tem um Gol'], said.slice(0, 2))).toEqual([]);
});
