import { expect, test } from 'vitest';
import { readBody } from './body.ts';

test('an id written as a long number keeps every digit', () => {
	const body =
		'{"media":{"id":12345678901234567891},"list":[90071992547409931],"text":"call: 12345678901234567891","n":3}';
	expect(readBody(body)).toEqual({
		media: { id: '12345678901234567891' },
		list: ['90071992547409931'],
		text: 'call: 12345678901234567891',
		n: 3
	});
});

test('what is not JSON is refused', () => {
	for (const text of ['', '{', '<xml/>', '{"a":1}{']) expect(() => readBody(text)).toThrow(SyntaxError);
});
