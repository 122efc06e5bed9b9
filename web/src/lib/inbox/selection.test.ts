import { expect, test } from 'vitest';
import { Selection } from './selection.svelte.ts';

const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const aSelection = (list = rows) => new Selection(() => list);

test('Shift+click chooses everything in between, and less again when it comes back', () => {
	const selection = aSelection();
	selection.toggle('b');
	selection.extendTo('e');
	expect(selection.ids).toEqual(['b', 'c', 'd', 'e']);
	selection.extendTo('a');
	expect(selection.ids).toEqual(['a', 'b']);
});

test('Shift with arrows begins at the row one stands on', () => {
	const selection = aSelection();
	expect(selection.extend(1, 'c')).toBe('d');
	expect(selection.extend(1, 'c')).toBe('e');
	expect(selection.extend(1, 'c')).toBe('e');
	expect(selection.ids).toEqual(['c', 'd', 'e']);
	selection.extend(-1, 'c');
	expect(selection.ids).toEqual(['c', 'd']);
});

test('a row that left the list is no longer acted on', () => {
	let list = rows;
	const selection = new Selection(() => list);
	selection.all();
	list = rows.slice(1);
	selection.toggle('e');
	expect(selection.ids).toEqual(['b', 'c', 'd']);
	selection.clear();
	expect(selection.count).toBe(0);
});
