import { expect, test } from 'vitest';
import { addressesIn } from './queries.ts';

test('a list pasted from anywhere gives each address once', () => {
	const text =
		'Ana Ribeiro <ana@padaria.test>, BRUNO@padaria.test; caio@padaria.test\nana@padaria.test\n"Duda" duda@padaria.test';
	expect(addressesIn(text)).toEqual([
		'ana@padaria.test',
		'bruno@padaria.test',
		'caio@padaria.test',
		'duda@padaria.test'
	]);
	expect(addressesIn('ninguém aqui')).toEqual([]);
});
