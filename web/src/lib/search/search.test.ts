import { beforeEach, expect, test, vi } from 'vitest';
import type { Found, FoundMessage, Next } from './found.ts';
import { keepRecent, readRecent } from './recent.ts';
import { isReady, Search, type Ask } from './search.svelte.ts';

const store = new Map<string, string>();
const storage = {
	getItem: (key: string) => store.get(key) ?? null,
	setItem: (key: string, value: string) => void store.set(key, value),
	removeItem: (key: string) => void store.delete(key)
};
beforeEach(() => {
	store.clear();
	vi.useFakeTimers();
	vi.stubGlobal('localStorage', storage);
	return () => {
		vi.useRealTimers();
		vi.unstubAllGlobals();
	};
});

const hit = (id: string) => ({ id }) as FoundMessage;
const page = (ids: string[], next: Next | null = null): Found => ({
	people: [],
	conversations: [],
	messages: ids.map(hit),
	next
});
const ids = (search: Search) => search.found?.messages.map(({ id }) => id);

test('whoever types fast asks once, for the last', async () => {
	const ask = vi.fn<Ask>(() => Promise.resolve(page(['a'])));
	const search = new Search('t', ask);
	for (const query of ['p', 'pa', 'pao']) search.write(query);
	expect(search.loading).toBe(true);
	await vi.runAllTimersAsync();
	expect(ask.mock.calls.map(([query]) => query)).toEqual(['pao']);
	expect([ids(search), search.loading]).toEqual([['a'], false]);
});

test('a late answer to an earlier question is not shown', async () => {
	const waiting = new Map<string, (found: Found) => void>();
	const search = new Search('t', (query) => new Promise((resolve) => waiting.set(query, resolve)));
	search.write('um');
	await vi.runAllTimersAsync();
	search.write('dois');
	await vi.runAllTimersAsync();
	waiting.get('dois')?.(page(['b']));
	await vi.runAllTimersAsync();
	waiting.get('um')?.(page(['a']));
	await vi.runAllTimersAsync();
	expect(ids(search)).toEqual(['b']);
});

test('a search that ran out of time goes on by itself until something is there', async () => {
	const pages = [page([], { at: '3', id: null }), page([], { at: '2', id: null }), page(['a'])];
	const ask = vi.fn<Ask>(() => Promise.resolve(pages.shift() ?? page([])));
	const search = new Search('t', ask);
	search.write('raro');
	await vi.runAllTimersAsync();
	expect(ask.mock.calls.map(([, , after]) => after?.at)).toEqual([undefined, '3', '2']);
	expect(ids(search)).toEqual(['a']);
});

test('the next page is added when one comes near the end, and its failure says so', async () => {
	const pages = [page(['a', 'b'], { at: '1', id: 'b' }), page(['c'])];
	const search = new Search('t', () => Promise.resolve(pages.shift() ?? Promise.reject(new Error('away'))));
	search.write('pao');
	await vi.runAllTimersAsync();
	search.step(1);
	await vi.runAllTimersAsync();
	expect([ids(search), search.at, search.unfinished]).toEqual([['a', 'b', 'c'], 1, false]);
	search.again();
	await vi.runAllTimersAsync();
	expect(search.error).not.toBeNull();
});

test('only signs, and only what is left out, are nothing to look for', () => {
	expect(['', ' ', '-', '?!', '-bolo', '"'].filter(isReady)).toEqual([]);
	expect(['b', '"bolo', '5', 'bolo -pão', 'é'].filter(isReady)).toHaveLength(5);
});

test('recent searches are kept once each, newest first, and eight of them', () => {
	for (let n = 0; n < 10; n++) keepRecent(storage, 't', `busca ${n}`);
	expect(keepRecent(storage, 't', 'Búsca 5')).toEqual(['Búsca 5', ...[9, 8, 7, 6, 4, 3, 2].map((n) => `busca ${n}`)]);
	expect(readRecent(storage, 'other')).toEqual([]);
	store.set('prosa:searches:t', '{broken');
	expect(readRecent(storage, 't')).toEqual([]);
});
