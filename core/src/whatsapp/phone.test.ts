import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phoneKey } from './phone.ts';

test('a Brazilian mobile is one number with and without the ninth digit', () => {
	expect(phoneKey('551187654321')).toBe('5511987654321');
	expect(phoneKey('+55 (11) 98765-4321')).toBe('5511987654321');
	expect(phoneKey('556281234567')).toBe(phoneKey('5562981234567'));
});

test('a Brazilian landline never gets a ninth digit', () => {
	for (const landline of ['551132654321', '551122654321', '551142654321', '551152654321']) {
		expect(phoneKey(landline)).toBe(landline);
	}
});

test('newer São Paulo mobiles, whose second digit is below six, stay what they are', () => {
	expect(phoneKey('5511912345678')).toBe('5511912345678');
});

test('Mexican 52 and 521, and Argentine 54 and 549, are one number each', () => {
	expect(phoneKey('5215512345678')).toBe(phoneKey('525512345678'));
	expect(phoneKey('5491123456789')).toBe(phoneKey('541123456789'));
});

test('numbers of other countries are left alone, even when they look alike', () => {
	for (const number of ['16505551234', '972987654321', '5511', '15215512345678', '5491'].filter((n) => n.length > 5)) {
		expect(phoneKey(number)).toBe(number);
	}
});

test('what is no international number has no key', () => {
	for (const text of ['', 'abc', '0', '12345', '1'.repeat(21)]) expect(phoneKey(text)).toBeNull();
});

test('a key is its own key', () => {
	fc.assert(
		fc.property(fc.stringMatching(/^(55|521?|549?|1)\d{6,11}$/), (number) => {
			const key = phoneKey(number);
			expect(key === null || phoneKey(key) === key).toBe(true);
		})
	);
});
