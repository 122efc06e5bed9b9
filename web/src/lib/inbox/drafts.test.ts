import { expect, test } from 'vitest';
import { Drafts, type Store } from './drafts.svelte.ts';

function memory(): Store {
	const kept = new Map<string, string>();
	return {
		get length() {
			return kept.size;
		},
		key: (index) => [...kept.keys()][index] ?? null,
		getItem: (key) => kept.get(key) ?? null,
		setItem: (key, value) => void kept.set(key, value),
		removeItem: (key) => void kept.delete(key)
	};
}

const of = (store: Store, person = 'caio', tenant = 'padaria') => new Drafts(tenant, person, () => store);

test('each conversation keeps a draft of the reply and one of the note', () => {
	const drafts = of(memory());
	drafts.keep('lucia', 'reply', 'Bom dia, o bolo');
	drafts.keep('lucia', 'note', 'Ela sempre paga em dinheiro');
	drafts.keep('jorge', 'note', 'Ligar de volta');
	expect([drafts.read('lucia', 'reply'), drafts.read('lucia', 'note'), drafts.read('jorge', 'reply')]).toEqual([
		'Bom dia, o bolo',
		'Ela sempre paga em dinheiro',
		''
	]);
	expect([drafts.of('lucia')?.mode, drafts.of('jorge')?.mode, drafts.of('bia')]).toEqual(['reply', 'note', null]);
});

test('a draft is there again after a reload, for the one who wrote it and in that workspace alone', () => {
	const store = memory();
	of(store).keep('lucia', 'reply', 'Bom dia, o bolo');
	const again = of(store);
	again.load();
	expect(again.of('lucia')).toEqual({ mode: 'reply', text: 'Bom dia, o bolo' });
	for (const other of [of(store, 'duda'), of(store, 'caio', 'oficina')]) {
		other.load();
		expect([other.of('lucia'), other.read('lucia', 'reply')]).toEqual([null, '']);
	}
});

test('a sent message leaves no draft behind', () => {
	const store = memory();
	const drafts = of(store);
	drafts.keep('lucia', 'reply', 'Bom dia');
	drafts.keep('lucia', 'reply', '');
	expect([store.length, drafts.of('lucia')]).toEqual([0, null]);
});

test('what another page of the browser writes or sends is seen in the list', () => {
	const store = memory();
	const [here, there] = [of(store), of(store)];
	there.keep('lucia', 'reply', 'Bom dia');
	const key = store.key(0);
	here.changed({ key, newValue: 'Bom dia' });
	expect(here.of('lucia')?.text).toBe('Bom dia');
	here.changed({ key, newValue: null });
	expect(here.of('lucia')).toBeNull();
});

test('a browser that refuses storage still lets one write, and go back and forth', () => {
	const drafts = new Drafts('padaria', 'caio', () => {
		throw new Error('denied');
	});
	expect(() => drafts.load()).not.toThrow();
	drafts.keep('lucia', 'reply', 'Bom dia');
	expect(drafts.read('lucia', 'reply')).toBe('Bom dia');
});
