import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CatchUp } from './catch_up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);

test('what could not be read is read again by itself until it is', async () => {
	let failures = 5;
	const read = vi.fn(() => (failures-- > 0 ? Promise.reject(new Error('no line')) : Promise.resolve()));
	new CatchUp(read).ask();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(read).toHaveBeenCalledTimes(6);
});

test('whoever asks while it reads gets one more reading, and only one', async () => {
	let done: () => void = () => undefined;
	const read = vi.fn(() => new Promise<void>((resolve) => (done = resolve)));
	const catchUp = new CatchUp(read);
	for (let n = 0; n < 5; n++) catchUp.ask();
	expect(read).toHaveBeenCalledTimes(1);
	done();
	await settled();
	expect(read).toHaveBeenCalledTimes(2);
	done();
	await settled();
	expect(read).toHaveBeenCalledTimes(2);
});

test('asked again after a failure, it does not wait', async () => {
	const read = vi.fn(() => Promise.reject(new Error('no line')));
	const catchUp = new CatchUp(read);
	catchUp.ask();
	await settled();
	catchUp.ask();
	await settled();
	expect(read).toHaveBeenCalledTimes(2);
});

test('stopped, it does not try again', async () => {
	const read = vi.fn(() => Promise.reject(new Error('no line')));
	const catchUp = new CatchUp(read);
	catchUp.ask();
	await settled();
	catchUp.stop();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(read).toHaveBeenCalledTimes(1);
});
