import { expect, test } from 'vitest';
import { answered } from './answered.ts';

test('a query that is answered gives its answer or its own error', async () => {
	expect(await answered(Promise.resolve('row'), 50)).toBe('row');
	await expect(answered(Promise.reject(new Error('refused')), 50)).rejects.toThrow('refused');
});

test('a query that is never settled does not hold its job for ever', async () => {
	await expect(answered(new Promise(() => {}), 50)).rejects.toThrow('has not answered');
});
