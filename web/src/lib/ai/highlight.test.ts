import { expect, test } from 'vitest';
import { highlight } from './highlight.ts';

const hits = (text: string, question: string) =>
	highlight(text, question)
		.filter(({ hit }) => hit)
		.map(({ text: word }) => word);

test('words are hits however they end and whatever their accents, short ones never', () => {
	expect(hits('As entregas são rápidas; óleo não se entrega.', 'entrega de oleo rapida')).toEqual([
		'entregas',
		'rápidas',
		'óleo',
		'entrega'
	]);
	expect(hits('O pão de cá', 'o de a')).toEqual([]);
});

test('put together, the parts are the text', () => {
	const text = 'Preço: R$ 10,00 <b>à vista</b>.';
	expect(
		highlight(text, 'preço vista')
			.map((part) => part.text)
			.join('')
	).toBe(text);
});
