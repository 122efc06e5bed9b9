import { expect, test } from 'vitest';
import { contactName, phoneText } from './name.ts';

test('a person is called by their name, else their username, else their number', () => {
	const all = { name: 'Rita', username: 'rita.doces', phone: '5511987654321' };
	expect(contactName(all)).toBe('Rita');
	expect(contactName({ ...all, name: '' })).toBe('@rita.doces');
	expect(contactName({ ...all, name: '', username: null })).toBe('+55 11 98765-4321');
});

test('a person without any of them is still somebody', () => {
	expect(contactName({ name: '', username: null, phone: null })).not.toBe('');
});

test('Brazilian numbers read as people write them, mobiles and landlines, others keep their digits', () => {
	expect(phoneText('5511987654321')).toBe('+55 11 98765-4321');
	expect(phoneText('551132654321')).toBe('+55 11 3265-4321');
	expect(phoneText('351912345678')).toBe('+351912345678');
});
