import { expect, test } from 'vitest';
import { isJustEmoji, richText } from './rich_text.ts';

const drawn = (text: string) =>
	richText(text).map(({ text, mark, href }) => (href ? `<${text}>` : mark ? `${mark}(${text})` : text));

test('WhatsApp marks are drawn, and their signs are not', () => {
	expect(drawn('Seu *pedido* ~não~ _sim_ saiu')).toEqual([
		'Seu ',
		'bold(pedido)',
		' ',
		'strike(não)',
		' ',
		'italic(sim)',
		' saiu'
	]);
	expect(drawn('```a *b*```')).toEqual(['mono(a *b*)']);
});

test('sums and file names are not marks', () => {
	expect(drawn('2*3*4 e meu_arquivo_novo.pdf')).toEqual(['2*3*4 e meu_arquivo_novo.pdf']);
});

test('an address is a link without the full stop behind it', () => {
	expect(drawn('Veja https://padaria.test/a?b=1. Obrigada')).toEqual([
		'Veja ',
		'<https://padaria.test/a?b=1>',
		'. Obrigada'
	]);
	expect(drawn('javascript:alert(1)')).toEqual(['javascript:alert(1)']);
});

test('a few emoji alone are large', () => {
	expect(isJustEmoji('👩‍🍳🥖')).toBe(true);
	expect(isJustEmoji('oi 👋')).toBe(false);
	expect(isJustEmoji('42')).toBe(false);
});
