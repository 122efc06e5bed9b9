import { expect, test } from 'vitest';
import { codeOf } from './code.ts';

test('what the database refuses is told by its code', () => {
	expect(codeOf({ code: 'PT409', message: 'window_closed', details: null, hint: null })).toBe('window_closed');
});

test('a lost connection is told apart from a refusal', () => {
	expect(codeOf({ code: '', message: 'TypeError: Failed to fetch' })).toBe('offline');
	expect(codeOf(new Error('fetch failed'))).toBe('offline');
});

test('nothing technical reaches a person', () => {
	expect(codeOf({ code: '42P01', message: 'relation "x" does not exist' })).toBe('unknown');
	expect(codeOf('boom')).toBe('unknown');
});
