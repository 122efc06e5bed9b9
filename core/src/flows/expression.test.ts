import { expect, test } from 'vitest';
import { parseExpression } from './expression.ts';

const names = {
	preco: 10,
	nome: 'Ana',
	itens: [1, 2, 3],
	vazio: null,
	contact: { plano: 'Ouro', idade: 33 },
	conversation: {},
	tenant: { frete: 8.5 },
	message: { text: 'oi' },
	today: '2026-11-20'
};
const value = (source: string) => parseExpression(source).evaluate(names);

test.each<[string, unknown]>([
	['preco * 2 + 1', 21],
	['preco * 1.1 > 10', true],
	['round(preco / 3, 2)', 3.33],
	['preco % 3', 1],
	['1 + 2', 3],
	['nome + "!"', 'Ana!'],
	['nome.size() > 2 && contact.plano == "Ouro"', true],
	['itens.map(i, i * preco)', [10, 20, 30]],
	['itens.exists(i, i == 3)', true],
	['contact.idade >= 18 ? "maior" : "menor"', 'maior'],
	['vazio == null', true],
	['has(contact.cidade)', false],
	['today < "2026-12-25"', true],
	['tenant.frete + preco', 18.5]
])('%s is %j', (source, expected) => expect(value(source)).toEqual(expected));

test.each([
	'',
	'1 +',
	'nome.matches("(a+)+$")',
	'[1].map(a, [1].map(b, [1].map(c, c)))',
	'itens.map(a, itens.filter(b, b > a))',
	'itens.map(x, x).map(y, [y].map(z, z))',
	'cel.bind(a, nome + nome, a + a)',
	'1+'.repeat(400) + '1',
	'('.repeat(60) + '1' + ')'.repeat(60),
	`"${'x'.repeat(1_001)}"`,
	`[${Array(60).fill(1).join(',')}]`
])('%s is not allowed', (source) => expect(() => parseExpression(source)).toThrow());

test.each([
	'nope',
	'nome.constructor',
	'contact.__proto__',
	'nome + preco',
	'1 / 0',
	'this',
	'globalThis.process',
	'contact.constructor.constructor("return 1")()'
])('%s reaches nothing', (source) => expect(() => value(source)).toThrow());

test('it tells what it reads', () => {
	expect(parseExpression('preco + contact.idade + itens.map(i, i + tenant.frete).size()').reads.toSorted()).toEqual([
		'contact.idade',
		'itens',
		'preco',
		'tenant.frete'
	]);
});
