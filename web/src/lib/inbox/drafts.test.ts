import { expect, test } from 'vitest';
import { keepDraft, readDraft, type Store } from './drafts.ts';

function memory(): Store & { size: () => number } {
	const kept = new Map<string, string>();
	return {
		getItem: (key) => kept.get(key) ?? null,
		setItem: (key, value) => void kept.set(key, value),
		removeItem: (key) => void kept.delete(key),
		size: () => kept.size
	};
}

test('each conversation keeps its own draft', () => {
	const store = memory();
	keepDraft(store, 'lucia', 'Bom dia, o bolo');
	keepDraft(store, 'jorge', 'Seu pedido');
	expect([readDraft(store, 'lucia'), readDraft(store, 'jorge'), readDraft(store, 'bia')]).toEqual([
		'Bom dia, o bolo',
		'Seu pedido',
		''
	]);
});

test('a sent message leaves no draft behind', () => {
	const store = memory();
	keepDraft(store, 'lucia', 'Bom dia');
	keepDraft(store, 'lucia', '');
	expect(store.size()).toBe(0);
});

test('a browser that refuses storage still lets one write', () => {
	const refusing: Store = {
		getItem: () => {
			throw new Error('denied');
		},
		setItem: () => {
			throw new Error('denied');
		},
		removeItem: () => {
			throw new Error('denied');
		}
	};
	expect(() => keepDraft(refusing, 'lucia', 'Bom dia')).not.toThrow();
	expect(readDraft(refusing, 'lucia')).toBe('');
});
