import { PERMISSIONS } from '@prosa/core/permissions/permissions.ts';
import { expect, test } from 'vitest';
import { subjects } from './permissions.ts';

test('the matrix says every permission, once, in a sentence of its own', () => {
	const listed = subjects.flatMap(({ permissions }) => permissions);
	expect(listed.map(({ name }) => name).sort()).toEqual([...PERMISSIONS].sort());
	expect(new Set(listed.map(({ text }) => text())).size).toBe(PERMISSIONS.length);
});
