import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is told too often is told as soon as there is room, and as it is by then', () => {
	const told: number[] = [];
	let state = 0;
	const pace = new Pace(() => told.push(state), 4, 30_000);
	for (state = 1; state <= 10; state++) pace.ask();
	expect(told).toEqual([1, 2, 3, 4]);

	state = 11;
	vi.advanceTimersByTime(29_999);
	expect(told).toHaveLength(4);
	vi.advanceTimersByTime(1);
	expect(told).toEqual([1, 2, 3, 4, 11]);
});

test('in no window are there more calls than allowed, however it is asked', () => {
	const times: number[] = [];
	const pace = new Pace(() => times.push(Date.now()), 4, 30_000);
	for (let second = 0; second < 120; second++) {
		for (let i = 0; i < 3; i++) pace.ask();
		vi.advanceTimersByTime(1_000);
	}
	for (const time of times) {
		expect(times.filter((other) => other >= time && other < time + 30_000).length).toBeLessThanOrEqual(4);
	}
	expect(times.length).toBeGreaterThan(12);
});

test('one that is stopped tells nothing more', () => {
	const run = vi.fn();
	const pace = new Pace(run, 1, 1_000);
	pace.ask();
	pace.ask();
	pace.stop();
	vi.advanceTimersByTime(5_000);
	expect(run).toHaveBeenCalledTimes(1);
});
