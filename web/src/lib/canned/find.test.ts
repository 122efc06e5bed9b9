import { expect, test } from 'vitest';
import { findResponses } from './find.ts';

const response = (shortcut: string, title: string, text = '', category = '') => ({
	id: shortcut,
	shortcut,
	title,
	category,
	variants: [{ id: shortcut, channel_type: null, weight: 1, text }]
});
const responses = [
	response('horario', 'Horário de funcionamento', 'Abrimos às 6h e fechamos às 20h.', 'Loja'),
	response('entrega', 'Prazo de entrega', 'Entregamos em até 40 minutos.', 'Pedidos'),
	response('pix', 'Chave Pix', 'Nossa chave é pix@padaria.test. O horário do comprovante não importa.', 'Pagamento')
];
const found = (query: string, uses = new Map<string, { uses: number; last_used_at: string }>()) =>
	findResponses(responses, uses, query).map(({ id }) => id);

test('a response is found by shortcut, title, category or words, accents ignored, the nearest first', () => {
	expect(found('horário')).toEqual(['horario', 'pix']);
	expect(found('PRAZO')).toEqual(['entrega']);
	expect(found('pagam')).toEqual(['pix']);
	expect(found('40 minutos')).toEqual(['entrega']);
	expect(found('bicicleta')).toEqual([]);
});

test('where nothing is typed, what was used lately and often goes first, then the alphabet', () => {
	const now = new Date().toISOString();
	const long = new Date(Date.now() - 60 * 86_400_000).toISOString();
	expect(found('')).toEqual(['pix', 'horario', 'entrega']);
	expect(
		found(
			'',
			new Map([
				['entrega', { uses: 2, last_used_at: now }],
				['horario', { uses: 90, last_used_at: long }]
			])
		)
	).toEqual(['entrega', 'horario', 'pix']);
});
