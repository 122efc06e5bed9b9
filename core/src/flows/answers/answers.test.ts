import { describe, expect, test } from 'vitest';
import type { AnswerRule } from '../nodes.ts';
import { readCnpj, readCpf } from './documents.ts';
import { readAnswer } from './read.ts';

const today = '2026-11-20';
const read = (kind: AnswerRule['kind'], text: string, more: Partial<AnswerRule> = {}) =>
	readAnswer({ kind, ...more }, { id: 'm', seq: 1, kind: 'text', text, received_at: 0 }, today);

test.each<[AnswerRule['kind'], string, unknown, Partial<AnswerRule>?]>([
	['name', '  maria   d’Ávila ', 'maria d’Ávila'],
	['name', 'M', null],
	['name', 'Maria 2', null],
	['email', ' Ana.Souza+x@Exemplo.COM.br ', 'ana.souza+x@exemplo.com.br'],
	['email', 'ana@exemplo', null],
	['email', 'ana..b@exemplo.com', null],
	['email', `${'a'.repeat(65)}@exemplo.com`, null],
	['phone', '(11) 98765-4321', '5511987654321'],
	['phone', '+55 11 8765-4321', '5511987654321'],
	['phone', '011 3456-7890', '551134567890'],
	['phone', '98765-4321', null],
	['phone', '20 98765-4321', null],
	['phone', '+351 912 345 678', '351912345678'],
	['cpf', '111.444.777-35', '111.444.777-35'],
	['cpf', '11144477736', null],
	['cpf', '111.111.111-11', null],
	['cnpj', '11.222.333/0001-81', '11.222.333/0001-81'],
	['cnpj', '11222333000182', null],
	['cnpj', '12ABC34501DE35', '12.ABC.345/01DE-35'],
	['cep', '01310100', '01310-100'],
	['cep', '0131010', null],
	['date', '24/12/2026', '2026-12-24'],
	['date', '1/1', '2027-01-01'],
	['date', '24 de dezembro', '2026-12-24'],
	['date', 'amanhã', '2026-11-21'],
	['date', '29/02', '2028-02-29'],
	['date', '30/02/2026', null],
	['date', '12/05/84', '1984-05-12'],
	['date', '19/11/2026', null, { when: 'future' }],
	['number', 'R$ 1.234,56', 1234.56],
	['number', '1,234.56', 1234.56],
	['number', '-3', -3],
	['number', '1.5', 1.5],
	['number', '11', null, { max: 10 }],
	['number', 'doze', null],
	['number', '1e999', null],
	['pattern', 'ab12', 'ab12', { pattern: '[a-z]{2}\\d+' }],
	['pattern', 'ab12!', null, { pattern: '[a-z]{2}\\d+' }],
	[
		'choice',
		'nao',
		'Não',
		{
			options: [
				{ id: 'a', label: 'Sim' },
				{ id: 'b', label: 'Não' }
			]
		}
	],
	['text', 'x', 'x'],
	['text', 'xxx', null, { max: 2 }],
	['location', 'Rua A', null],
	['media', 'foto', null]
])('as %s, %s is read as %s', (kind, text, expected, more) => expect(read(kind, text, more)).toEqual(expected));

describe('check digits', () => {
	test('of all numbers that differ from a CPF in one digit, none is one', () => {
		const cpf = '52998224725';
		expect(readCpf(cpf)).toBe(cpf);
		for (let place = 0; place < 11; place++)
			for (let digit = 0; digit < 10; digit++) {
				const other = cpf.slice(0, place) + digit + cpf.slice(place + 1);
				if (other !== cpf) expect(readCpf(other)).toBeNull();
			}
	});

	test('a CNPJ of letters is read by the rule of 2026, in any case', () => {
		expect(readCnpj('12.abc.345/01de-35')).toBe('12ABC34501DE35');
		expect(readCnpj('12ABC34501DE36')).toBeNull();
	});
});

test('a pattern made to hang is answered at once', () => {
	const begun = performance.now();
	expect(read('pattern', `${'a'.repeat(4_000)}!`, { pattern: '(a+)+$' })).toBeNull();
	// JavaScript's own would take longer than the universe.
	expect(performance.now() - begun).toBeLessThan(10_000);
});
