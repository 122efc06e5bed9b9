import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showCnpj, showCpf } from '../../flows/answers/documents.ts';
import { findPersonal, luhn } from './find.ts';
import { Mask } from './mask.ts';

const digits = (length: number) =>
	fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const weighed = (base: string, weights: number[]): string => {
	const rest = [...base].reduce((sum, digit, place) => sum + Number(digit) * (weights[place] ?? 0), 0) % 11;
	return base + (rest < 2 ? 0 : 11 - rest);
};
const fall = (from: number, length: number) => Array.from({ length }, (_, place) => from - place);

const cpf = digits(9)
	.filter((base) => !/^(\d)\1+$/.test(base))
	.map((base) => weighed(weighed(base, fall(10, 9)), fall(11, 10)));
const cnpj = digits(12)
	.filter((base) => !/^0+$/.test(base))
	.map((base) => weighed(weighed(base, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]), [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
const card = digits(15)
	.map((base) => `4${base.slice(1)}`)
	.map((base) => base + '0123456789'.split('').find((last) => luhn(base + last)));
const mobile = fc
	.tuple(fc.constantFrom('11', '21', '51', '98'), digits(8))
	.map(([ddd, rest]) => [ddd, `9${rest}`] as const);

/** Each kind, in the ways that people write it. */
const personal = fc.oneof(
	cpf.chain((one) => fc.constantFrom(one, showCpf(one), one.match(/\d{1,3}/g)?.join(' ') ?? one)),
	cnpj.chain((one) => fc.constantFrom(one, showCnpj(one))),
	card.chain((one) =>
		fc.constantFrom(one, one.match(/\d{4}/g)?.join(' ') ?? one, one.match(/\d{4}/g)?.join('-') ?? one)
	),
	mobile.chain(([ddd, rest]) =>
		fc.constantFrom(
			`${ddd}${rest}`,
			`(${ddd}) ${rest.slice(0, 5)}-${rest.slice(5)}`,
			`+55 ${ddd} ${rest.slice(0, 5)}-${rest.slice(5)}`,
			`+55${ddd}${rest}`,
			`${rest.slice(0, 5)}-${rest.slice(5)}`
		)
	),
	digits(8).map((one) => `${one.slice(0, 5)}-${one.slice(5)}`),
	fc
		.tuple(fc.stringMatching(/^[a-z][a-z0-9.]{0,10}[a-z0-9]$/), fc.constantFrom('gmail.com', 'padaria.com.br'))
		.map((part) => part.join('@')),
	fc.uuid(),
	fc
		.uuid()
		.map(
			(key) =>
				`00020126580014br.gov.bcb.pix0136${key}5204000053039865802BR5911Maria Silva6009Sao Paulo62070503***6304ABCD`
		),
	digits(47)
);
const words = fc.constantFrom(
	'oi',
	'meu número é',
	'CPF:',
	'de novo,',
	'e o outro',
	'(',
	')',
	'[',
	'pedido 1042',
	'R$ 89,90',
	'\n',
	'até 20/12',
	'😀'
);

test('nothing personal leaves, whatever stands around it', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(words, personal), { minLength: 1, maxLength: 6 }), (parts) => {
			const mask = new Mask();
			const masked = mask.mask(parts.map(([word, one]) => `${word} ${one} `).join('fim '));
			for (const [, one] of parts) expect(masked).not.toContain(one);
			expect(findPersonal(masked)).toEqual([]);
			// No six digits of it in a row either.
			expect(masked.replace(/\[[A-Z]+_[\d.]+\]/g, '')).not.toMatch(/\d{6}/);
		}),
		{ numRuns: 500 }
	);
});

test('a number beside a key takes nothing of the key', () => {
	const masked = new Mask().mask('até 20/12 96241000-0000-1000-8000-001a00000000 fim');
	expect(masked).toBe('até 20/12 [PIX_1] fim');
});

test('what looks like the checksum within a key is not the end of a PIX code', () => {
	const key = '6304abcd-0000-1000-8000-001a00000000';
	const code = `00020126580014br.gov.bcb.pix0136${key}5204000053039865802BR5911Maria Silva6009Sao Paulo62070503***6304ABCD`;
	expect(new Mask().mask(`oi ${code} fim, de novo ${code}`)).toBe('oi [PIX_1] fim, de novo [PIX_1]');
	// A letter too many in the name: the fields don't add up any more.
	expect(new Mask().mask(`oi ${code.replace('Silva', 'Sylvia')} fim`)).toBe('oi [PIX_1] fim');
});

test('what is put back is what was taken out, also where somebody typed placeholders', () => {
	const piece = fc.oneof(
		personal,
		words,
		fc.string({ unit: 'binary' }),
		fc.constantFrom('[CPF_1]', '[cpf_1.2]', '[TEXT_1]', '[PHONE_3', '1', '98', '-', '+55')
	);
	fc.assert(
		fc.property(fc.array(fc.array(piece, { maxLength: 8 }), { maxLength: 4 }), (messages) => {
			const mask = new Mask();
			for (const pieces of messages) {
				const text = pieces.join('');
				expect(mask.unmask(mask.mask(text))).toEqual({ text, unknown: [] });
			}
		}),
		{ numRuns: 300 }
	);
});

test('as a stream, cut anywhere, the same is put back', () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof(personal, words), { maxLength: 6 }),
			fc.array(fc.nat(40), { maxLength: 30 }),
			(parts, cuts) => {
				const mask = new Mask();
				const text = parts.join(' ');
				let rest = mask.mask(text);
				const unmasking = mask.unmasking();
				let whole = '';
				for (const cut of cuts) {
					whole += unmasking.push(rest.slice(0, cut));
					rest = rest.slice(cut);
				}
				expect(whole + unmasking.push(rest) + unmasking.end()).toBe(text);
			}
		)
	);
});

test('one person has one number through a conversation, also after it was kept', () => {
	const first = new Mask();
	expect(first.mask('Sou 529.982.247-25, do 111.444.777-35')).toBe('Sou [CPF_1], do [CPF_2]');
	const later = new Mask(JSON.parse(JSON.stringify(first.entries)));
	expect(later.mask('52998224725 de novo, e 529.982.247-25, e 390.533.447-05')).toBe(
		'[CPF_1.2] de novo, e [CPF_1], e [CPF_3]'
	);
	expect(later.unmask('Achei [CPF_1] e [CPF_1.2]').text).toBe('Achei 529.982.247-25 e 52998224725');
});

test('a placeholder that the model made up is named', () => {
	const mask = new Mask();
	mask.mask('529.982.247-25');
	expect(mask.unmask('[CPF_1] e [CPF_7]')).toEqual({ text: '529.982.247-25 e [CPF_7]', unknown: ['[CPF_7]'] });
});

test('prices, dates, hours, orders and quantities stay readable', () => {
	for (const text of [
		'São R$ 1.234,56 em 3x de R$ 411,52',
		'Pedido 1042 para 24/12/2026 às 16h30, retirada até 31/12/2026 18:00',
		'De 10/12/2026 11/12/2026',
		'Plano de 600 mega, 2 pães de queijo, sala 1203, 100% integral',
		'Protocolo 20261122'
	]) {
		expect(new Mask().mask(text)).toBe(text);
	}
});

test('each kind is known in the ways it is written', () => {
	for (const [text, masked] of [
		['cnpj 11.222.333/0001-81', 'cnpj [CNPJ_1]'],
		['cnpj 12.ABC.345/01DE-35', 'cnpj [CNPJ_1]'],
		['５２９９８２２４７２５', '[CPF_1]'],
		['529\u200b982\u200b247\u200b25', '[CPF_1]'],
		['cartão 4111 1111 1111 1111, cep 01310-100', 'cartão [CARD_1], cep [CEP_1]'],
		['CEP 01310100', 'CEP [CEP_1]'],
		['ligue (11) 98765-0001 ou 3456-7890', 'ligue [PHONE_1] ou [PHONE_2]'],
		['+1 415 555 2671', '[PHONE_1]'],
		['pix 123e4567-e89b-12d3-a456-426614174000', 'pix [PIX_1]'],
		['ana.silva+casa@padaria.com.br', '[EMAIL_1]'],
		['529.982.247-25 11 98765-0001', '[CPF_1] [PHONE_1]'],
		['23793.38128 60000.000003 00000.000400 1 84340000010000', '[BOLETO_1]'],
		['nota 123456789012345', 'nota [NUMBER_1]']
	]) {
		expect(new Mask().mask(text ?? '')).toBe(masked);
	}
});

test('a hundred thousand characters of anything take less than the patience of a test', () => {
	for (const text of [
		'1 '.repeat(50_000),
		'9'.repeat(100_000),
		'a@'.repeat(50_000),
		'a.'.repeat(50_000),
		'000201'.repeat(16_000),
		'['.repeat(100_000)
	]) {
		const mask = new Mask();
		expect(mask.unmask(mask.mask(text)).text).toBe(text);
	}
}, 20_000);
