import { expect, test } from 'vitest';
import { groupsLacking, missingOnClose } from './required.ts';

const attribute = (key: string, required_on_close: boolean, subject = 'conversation') => ({
	id: key,
	subject,
	key,
	label: key,
	type: 'text',
	options: [],
	required_on_close
});
const attributes = [
	attribute('reason', true),
	attribute('order', false),
	attribute('solved', true),
	attribute('plan', true, 'contact')
];

test('what has no value is missing; no, zero and an empty list of others are values', () => {
	expect(missingOnClose(attributes, {}).map(({ key }) => key)).toEqual(['reason', 'solved']);
	expect(missingOnClose(attributes, { reason: null, solved: false }).map(({ key }) => key)).toEqual(['reason']);
	expect(missingOnClose(attributes, { reason: 0, solved: false })).toEqual([]);
});

test('conversations that lack the same are asked about together', () => {
	const groups = groupsLacking(attributes, [
		{ id: 'a', values: {} },
		{ id: 'b', values: { reason: 'x' } },
		{ id: 'c', values: { order: 3 } }
	]);
	expect(groups.map(({ ids, missing }) => [ids, missing.map(({ key }) => key)])).toEqual([
		[
			['a', 'c'],
			['reason', 'solved']
		],
		[['b'], ['solved']]
	]);
});
