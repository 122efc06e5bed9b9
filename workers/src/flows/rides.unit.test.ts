import { expect, test } from 'vitest';
import { Rides } from './rides.ts';

const twice = (rides: number[][]) => (asked: number[]) => {
	rides.push(asked);
	if (asked.includes(13)) return Promise.reject(new Error('13'));
	return Promise.resolve(asked.map((number) => number * 2));
};

test('who asks at once, or while others are under way, rides together, and each is given its own answer', async () => {
	const rides: number[][] = [];
	const doubled = new Rides(twice(rides), 3);
	expect(await Promise.all([1, 2, 3, 4, 5].map((number) => doubled.take(number)))).toEqual([2, 4, 6, 8, 10]);
	expect(rides).toEqual([
		[1, 2, 3],
		[4, 5]
	]);
	expect(await doubled.take(6)).toBe(12);
});

test('one that can not be done takes nobody with it', async () => {
	const rides: number[][] = [];
	const doubled = new Rides(twice(rides), 10);
	const settled = await Promise.allSettled([1, 13, 2].map((number) => doubled.take(number)));
	expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(rides).toEqual([[1, 13, 2], [1], [13], [2]]);
});
