import { expect, test } from 'vitest';
import { answersOf } from './answers.ts';

const words = { yes: 'Sim', no: 'Não', none: '—' };
const table = (response: Record<string, unknown>) => answersOf(response, words);

test('answers stand in the order they came, without WhatsApp’s token', () => {
	expect(table({ nome: 'Rita', flow_token: 'x', dia_da_entrega: '2026-11-30' })).toEqual([
		{ question: 'nome', answer: 'Rita' },
		{ question: 'dia da entrega', answer: '2026-11-30' }
	]);
});

test('yes, no, nothing and numbers are said in words', () => {
	expect(table({ a: true, b: false, c: null, d: '', e: 3, f: [] }).map(({ answer }) => answer)).toEqual([
		'Sim',
		'Não',
		'—',
		'—',
		'3',
		'—'
	]);
});

test('names and choices that Flow Builder made lose its numbers', () => {
	expect(
		table({ screen_0_Forma_de_entrega_1: '0_Retirar_na_loja', screen_1_Extras_0: ['0_Vela', '2_Cartão'] })
	).toEqual([
		{ question: 'Forma de entrega', answer: 'Retirar na loja' },
		{ question: 'Extras', answer: 'Vela, Cartão' }
	]);
});

test('several choices are a list, and parts of an answer have lines of their own', () => {
	expect(table({ sabores: ['Cenoura', 'Milho'], endereco: { rua: 'Rua A', numero: 12, ok: true } })).toEqual([
		{ question: 'sabores', answer: 'Cenoura, Milho' },
		{
			question: 'endereco',
			answer: [
				{ question: 'rua', answer: 'Rua A' },
				{ question: 'numero', answer: '12' },
				{ question: 'ok', answer: 'Sim' }
			]
		}
	]);
});

test('a list of things numbers them', () => {
	expect(table({ itens: [{ pao: 2 }, { bolo: 1 }] })).toEqual([
		{
			question: 'itens',
			answer: [
				{ question: '1', answer: [{ question: 'pao', answer: '2' }] },
				{ question: '2', answer: [{ question: 'bolo', answer: '1' }] }
			]
		}
	]);
});

test('something without end ends', () => {
	let deep: unknown = 'fundo';
	for (let n = 0; n < 40; n++) deep = { mais: deep };
	expect(JSON.stringify(table({ deep })).length).toBeLessThan(1_000);
});
