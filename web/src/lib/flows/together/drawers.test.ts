import { expect, test } from 'vitest';
import { chosenBy, drawersOf } from './drawers.ts';

const members = ['ana', 'caio', 'sofia'].map((name) => ({ user_id: name, display_name: name.toUpperCase() }));

test('who else draws is told by the memberships, never by what a page says of itself', () => {
	const state = {
		sofia: [{ node: 'a', revision: 3 }],
		ana: [
			{ node: 'a', revision: 2, name: 'Chefe', user_id: 'sofia' },
			{ node: 'b', revision: 4 }
		],
		caio: [{ node: 7, revision: 'x' }, null, 'oi'],
		nobody: [{ node: 'a', revision: 9 }],
		constructor: [{ node: 'a', revision: 9 }]
	};
	const drawers = drawersOf(state, members, 'sofia');
	expect(drawers).toEqual([{ user_id: 'ana', name: 'ANA', node: 'b', revision: 4 }]);
	expect([...chosenBy(drawers)].map(([node, by]) => [node, by.map(({ name }) => name)])).toEqual([['b', ['ANA']]]);
	expect(chosenBy([{ user_id: 'ana', name: 'ANA', node: null, revision: 1 }]).size).toBe(0);
});
