import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnFrom } from './drawn_from.ts';

const marked = (text: string, answer: string) =>
	drawnFrom(text, answer)
		.filter(({ hit }) => hit)
		.map((part) => part.text.trim());

const piece = `A oficina abre de segunda a sexta, das 8h às 18h, e aos sábados das 8h às 12h. Domingos e feriados ela fica fechada.
Há estacionamento na frente.`;

test('the sentence that an answer says again is marked, and no other', () => {
	expect(marked(piece, 'Abrimos aos sábados das 8h às 12h; de segunda a sexta a oficina abre das 8h às 18h.')).toEqual([
		'A oficina abre de segunda a sexta, das 8h às 18h, e aos sábados das 8h às 12h.'
	]);
	expect(marked(piece, 'Sim, há estacionamento bem na frente da oficina!')).toEqual(['Há estacionamento na frente.']);
	expect(marked(piece, 'Não sei dizer, vou chamar alguém.')).toEqual([]);
});

test('a price is told by its figure, whatever the words around it', () => {
	const prices = 'A troca de óleo custa R$ 189,00. O alinhamento custa R$ 149,90. A revisão custa R$ 490,00.';
	expect(marked(prices, 'Fica R$ 149,90 o alinhamento.')).toEqual(['O alinhamento custa R$ 149,90.']);
});

test('nothing of the piece is lost, whatever it holds', () => {
	expect(drawnFrom('', 'x')).toEqual([]);
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, answer) => {
			expect(
				drawnFrom(text, answer)
					.map((part) => part.text)
					.join('')
			).toBe(text);
		})
	);
	expect(
		drawnFrom('Linha. 3.5 kg\n\n- a?! b', 'x')
			.map((part) => part.text)
			.join('')
	).toBe('Linha. 3.5 kg\n\n- a?! b');
});
