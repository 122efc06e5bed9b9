import { expect, test } from 'vitest';
import { asAddress, asJson, fill } from './template.ts';
import { textOf } from './variables.ts';

const lookup = (name: string) => ({ dia: '2030-12-24', valor: 12.5, nome: '{{dia}}' })[name];

test('people read a day as it is written in Brazil; machines and other variables get it as it is kept', () => {
	expect(fill('Dia {{dia}}, R$ {{valor}}', lookup)).toBe('Dia 24/12/2030, R$ 12,5');
	expect(fill('{"dia":"{{dia}}"}', lookup, asJson)).toBe('{"dia":"2030-12-24"}');
	expect(fill('/dias/{{dia}}', lookup, asAddress)).toBe('/dias/2030-12-24');
	expect(fill('{{dia}}', lookup, textOf)).toBe('2030-12-24');
});

test('what stands in a value is no template, and what is empty has something instead', () => {
	expect(fill('{{nome}}', lookup)).toBe('{{dia}}');
	expect(fill('{{apelido|cliente}}', lookup)).toBe('cliente');
});
