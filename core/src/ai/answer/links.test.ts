import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLANTED } from '../prompt/planted.testing.ts';
import { vouchedLinks } from './links.ts';

const none = { settings: [], said: [] };
const shop = { settings: ['Somos a padaria.com.br, loja em https://loja.padaria.com.br/pedidos'], said: [] };

test('a link that nobody of the company vouches for is not sent on, however it is written', () => {
	for (const text of PLANTED) {
		const sent = vouchedLinks(text, shop);
		expect(sent, text).not.toMatch(/evil|exfil|[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|javascript:|data:/i);
		expect(sent, text).not.toMatch(/!\[|\]\(/);
	}
});

test('the company’s own sites are, with what stands around them', () => {
	const text = 'Peça em https://loja.padaria.com.br/pedidos?bolo=1 ou em www.padaria.com.br.';
	expect(vouchedLinks(text, shop)).toBe(text);
	expect(vouchedLinks('Veja [o cardápio](https://padaria.com.br/cardapio)!', shop)).toBe(
		'Veja o cardápio https://padaria.com.br/cardapio!'
	);
});

test.for([
	'https://padaria.com.br.evil.test/',
	'https://evilpadaria.com.br',
	'https://padaria.com.br@evil.test/x',
	'http://padaria.com.br:80@evil.test'
])('%s only looks like one of them', (link) => {
	expect(vouchedLinks(`Clique em ${link} agora`, shop)).not.toContain('evil');
});

test('what the company said in the conversation may be said again, as it is, and with nothing added', () => {
	const said = { settings: [], said: ['Seu boleto: https://boletos.test/abc?id=7'] };
	expect(vouchedLinks('Aqui: https://boletos.test/abc?id=7.', said)).toBe('Aqui: https://boletos.test/abc?id=7.');
	expect(vouchedLinks('Aqui: https://boletos.test/abc?id=7&cpf=1', said)).toBe('Aqui:');
	expect(vouchedLinks('Aqui: https://boletos.test/outro', said)).toBe('Aqui:');
});

test('words, prices, hours, addresses and placeholders are no links', () => {
	for (const text of [
		'Custa R$ 1.234,50. Abre às 8h.Fecha às 18h... ok?',
		'Escreva para ana@padaria.com ou [EMAIL_1], CPF [CPF_1].',
		'Versão 2.0.1 do cardápio (novo) e item 3.b',
		'Linha um\n\n- dois  três'
	])
		expect(vouchedLinks(text, none)).toBe(text);
});

test('nothing throws, and what is kept has no link that was not vouched for', () => {
	const pieces = fc.array(
		fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...PLANTED, '](', '![', 'http://', '.com'))
	);
	fc.assert(
		fc.property(pieces, (some) => {
			const sent = vouchedLinks(some.join(' '), none);
			expect(sent).not.toMatch(/https?:\/\/[a-z0-9]/i);
		}),
		{ numRuns: 300 }
	);
});
