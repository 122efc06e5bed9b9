import { expect, test, vi } from 'vitest';
import { TypingSignal } from './typing.ts';

test('the customer is told of typing at most every twenty seconds, and a failure disturbs nobody', () => {
	const tell = vi.fn().mockRejectedValue(new Error('offline'));
	const typing = new TypingSignal(tell);
	for (const at of [0, 5_000, 19_999, 20_000, 25_000]) typing.pressed(at);
	expect(tell).toHaveBeenCalledTimes(2);
});
