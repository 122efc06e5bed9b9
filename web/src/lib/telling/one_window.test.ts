import { expect, test } from 'vitest';
import { mayRing, type Locks } from './one_window.ts';

/** Locks as a browser keeps them: one holder a name. */
function browser(): Locks {
	const held = new Set<string>();
	return {
		async request(name, _options, act) {
			if (held.has(name)) return act(null);
			held.add(name);
			try {
				return await act({ name });
			} finally {
				held.delete(name);
			}
		}
	};
}

const tick = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 10));

test('of three windows one sounds', async () => {
	const locks = browser();
	const rung = await Promise.all([1, 2, 3].map(() => mayRing(locks, 'a', false, tick)));
	expect(rung.filter(Boolean)).toHaveLength(1);
});

test('none sounds where one is looked at', async () => {
	const locks = browser();
	expect(await Promise.all([false, true, false].map((looks) => mayRing(locks, 'a', looks, tick)))).toEqual([
		false,
		false,
		false
	]);
});

test('a flood of news is one sound', async () => {
	const locks = browser();
	const rung: boolean[] = [];
	for (const key of ['a', 'b', 'c', 'd']) rung.push(await mayRing(locks, key, false, tick));
	expect(rung).toEqual([true, false, false, false]);
});
