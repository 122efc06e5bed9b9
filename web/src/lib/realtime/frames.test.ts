import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Frames } from './frames.ts';

let frames: (() => void)[] = [];
beforeEach(() => {
	vi.useFakeTimers();
	frames = [];
	vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
	vi.stubGlobal('cancelAnimationFrame', (handle: number) => (frames[handle - 1] = () => undefined));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});
const draw = () => frames.splice(0).forEach((frame) => frame());

test('what comes between two frames is taken once, in its order', () => {
	const taken: number[][] = [];
	const gathered = new Frames<number>((items) => taken.push(items));
	gathered.add(1);
	gathered.add(2);
	expect(taken).toEqual([]);
	draw();
	vi.advanceTimersByTime(50);
	gathered.add(3);
	draw();
	vi.advanceTimersByTime(1_000);
	expect(taken).toEqual([[1, 2], [3]]);
});

test('what comes right after that waits for a moment, then for its frame', () => {
	const taken: number[][] = [];
	const gathered = new Frames<number>((items) => taken.push(items));
	gathered.add(1);
	draw();
	gathered.add(2);
	draw();
	vi.advanceTimersByTime(49);
	gathered.add(3);
	draw();
	expect(taken).toEqual([[1]]);
	vi.advanceTimersByTime(1);
	draw();
	expect(taken).toEqual([[1], [2, 3]]);
});

test('a page that draws no frames takes it all the same', () => {
	const taken: number[][] = [];
	const gathered = new Frames<number>((items) => taken.push(items));
	gathered.add(1);
	gathered.add(2);
	vi.advanceTimersByTime(100);
	expect(taken).toEqual([[1, 2]]);
	draw();
	expect(taken).toHaveLength(1);
});

test('asked for, it comes at once', () => {
	const taken: number[][] = [];
	const gathered = new Frames<number>((items) => taken.push(items));
	gathered.add(1);
	gathered.flush();
	draw();
	vi.advanceTimersByTime(1_000);
	expect(taken).toEqual([[1]]);
});
