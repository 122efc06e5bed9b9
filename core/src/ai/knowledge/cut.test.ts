import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, readCsv } from './cut.ts';

test('Markdown is cut at its headings, which stand above each piece', () => {
	const text =
		'Bem-vindo.\n\n# Entrega\nEntregamos até as 18h.\n\n## Frete\nR$ 8.\n\n```\n# não é título\n```\n# Loja\nAberta.';
	expect(cut(text, 'markdown')).toEqual([
		{ heading: '', body: 'Bem-vindo.' },
		{ heading: 'Entrega', body: 'Entregamos até as 18h.' },
		{ heading: 'Entrega › Frete', body: 'R$ 8.\n\n```\n# não é título\n```' },
		{ heading: 'Loja', body: 'Aberta.' }
	]);
});

test('each row of a CSV is a piece that names its columns, however the spreadsheet wrote it', () => {
	const pieces = [
		{ heading: '', body: 'Produto: Bolo "da casa"\nPreço: 45,00' },
		{ heading: '', body: 'Produto: Pão\nPreço: 1,20' }
	];
	expect(cut('Produto;Preço\r\n"Bolo ""da casa""";45,00\r\nPão;1,20\r\n', 'csv')).toEqual(pieces);
	expect(readCsv('a,b\n"x\ny",2')).toEqual([
		['a', 'b'],
		['x\ny', '2']
	]);
});

test('whatever is pasted, no word is lost and no piece is too large to be kept', () => {
	fc.assert(
		fc.property(fc.array(fc.stringMatching(/^[a-z.#\n ]{0,300}$/), { maxLength: 20 }), (parts) => {
			const text = parts.join(' ');
			const pieces = cut(text, 'text');
			expect(pieces.every(({ body }) => body.length > 0 && body.length <= 1_000)).toBe(true);
			expect(
				pieces
					.map(({ body }) => body)
					.join('')
					.replace(/\s/g, '')
			).toBe(text.replace(/\s/g, ''));
		})
	);
});
