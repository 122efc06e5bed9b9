import { expect, test } from 'vitest';
import { readValue, shownValue, writtenValue } from './in_place.ts';

test('a number is read however it is written here or there', () => {
	for (const [written, number] of [
		['12', 12],
		['12,5', 12.5],
		['12.5', 12.5],
		['1.234,5', 1234.5],
		['1,234.5', 1234.5],
		['1.234', 1234],
		['1.234.567', 1234567],
		['12,345', 12.345],
		['-3', -3],
		['1 000', 1000]
	] as const)
		expect(readValue('number', written), written).toBe(number);
});

test('what is no number is left for the database to refuse', () => {
	for (const written of ['doze', '1-2', '3 pães', '-']) expect(readValue('number', written)).toBe(written);
});

test('nothing written is no value', () => {
	for (const type of ['text', 'number', 'date', 'choice', 'boolean', 'link'] as const)
		expect(readValue(type, '  ')).toBeNull();
});

test('what is shown for writing reads back as the same', () => {
	for (const value of [1234.5, -0.25, 1e6, 3])
		for (const locale of ['pt-BR', 'en'])
			expect(readValue('number', writtenValue('number', value, locale)), `${value} ${locale}`).toBe(value);
});

test('a day is shown as people write it, whatever the time zone, and a link without what every link has', () => {
	expect(shownValue('date', '2026-03-01', 'pt-BR')).toBe('1 de mar. de 2026');
	expect(shownValue('link', 'https://www.padaria.test/pedido/', 'pt-BR')).toBe('padaria.test/pedido');
	expect(shownValue('text', null, 'pt-BR')).toBe('');
});
