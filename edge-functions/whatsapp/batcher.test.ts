import { expect, test } from 'vitest';
import { Batcher, Overloaded, type BatchLimits } from './batcher.ts';

const LIMITS: BatchLimits = { items: 3, characters: 100, calls: 1, waiting: 200 };

/** A batcher whose calls are answered when the test says so. */
function arrange(limits: Partial<BatchLimits> = {}) {
	const calls: string[][] = [];
	const answers: (() => void)[] = [];
	const batcher = new Batcher<string, string>(
		(items) => {
			calls.push(items);
			return new Promise((resolve) => {
				answers.push(() =>
					resolve(
						items.map((item) =>
							item === 'bad'
								? { status: 'rejected', reason: new Error('bad') }
								: { status: 'fulfilled', value: `${item}!` }
						)
					)
				);
			});
		},
		{ ...LIMITS, ...limits }
	);
	const answer = async () => {
		answers.shift()?.();
		await new Promise((resolve) => setTimeout(resolve));
	};
	return { batcher, calls, answer };
}

test('when it is quiet a webhook goes at once and alone', async () => {
	const { batcher, calls, answer } = arrange();
	const first = batcher.add('a', 1);
	expect(calls).toEqual([['a']]);
	await answer();
	expect(await first).toBe('a!');
});

test('what arrives during a call rides the next one together, in order, and each gets its own result', async () => {
	const { batcher, calls, answer } = arrange();
	const results = Promise.all(['a', 'b', 'c', 'd', 'e'].map((item) => batcher.add(item, 1)));
	for (let turn = 0; turn < 3; turn++) await answer();
	expect(calls).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
	expect(await results).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
});

test('large bodies ride with few others, and one beyond the limit still goes, alone', async () => {
	const { batcher, calls, answer } = arrange();
	const sizes: [string, number][] = [
		['a', 1],
		['b', 60],
		['c', 60],
		['d', 10],
		['e', 50]
	];
	const all = Promise.all(sizes.map(([item, size]) => batcher.add(item, size)));
	for (let turn = 0; turn < 4; turn++) await answer();
	expect(calls).toEqual([['a'], ['b'], ['c', 'd'], ['e']]);
	await all;
});

test('several calls may be under way, no more than allowed', async () => {
	const { batcher, calls, answer } = arrange({ calls: 2 });
	const all = Promise.all(['a', 'b', 'c', 'd'].map((item) => batcher.add(item, 1)));
	expect(calls).toEqual([['a'], ['b']]);
	await answer();
	expect(calls).toEqual([['a'], ['b'], ['c', 'd']]);
	await answer();
	await answer();
	await all;
});

test('one that fails leaves the others their results', async () => {
	const { batcher, answer } = arrange();
	const first = batcher.add('a', 1);
	const others = Promise.allSettled(['b', 'bad', 'c'].map((item) => batcher.add(item, 1)));
	await answer();
	await answer();
	await first;
	expect((await others).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('when too much waits, more is refused instead of held in memory', async () => {
	const { batcher, answer } = arrange();
	const taken = [batcher.add('a', 1), batcher.add('b', 150)];
	await expect(batcher.add('c', 60)).rejects.toThrow(Overloaded);
	await answer();
	await answer();
	await Promise.all(taken);
	const again = batcher.add('d', 60);
	await answer();
	expect(await again).toBe('d!');
});
