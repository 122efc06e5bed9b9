import { expect, test } from 'vitest';
import { stepsOf, type Happening } from './message_story.ts';

const told = (type: string, second: number): Happening => ({
	type,
	occurred_at: `2026-11-21T10:00:${String(second).padStart(2, '0')}Z`,
	body: null
});
const types = (events: Happening[]) =>
	stepsOf(events).map(({ type, occurred_at }) => `${type} ${occurred_at.slice(17, 19)}`);

test('steps stand as they happened, each once, however often and in whatever order they were told', () => {
	expect(
		types([told('read', 9), told('sent', 1), told('delivered', 4), told('sent', 2), told('delivered', 5)])
	).toEqual(['sent 01', 'delivered 04', 'read 09']);
});

test('of one second the earlier step comes first', () => {
	expect(types([told('read', 1), told('delivered', 1), told('sent', 1)])).toEqual([
		'sent 01',
		'delivered 01',
		'read 01'
	]);
});

test('a message that failed and was sent once more shows both', () => {
	expect(
		types([told('sent', 1), told('failed', 3), told('sent', 20), told('delivered', 22), told('sent', 21)])
	).toEqual(['sent 01', 'failed 03', 'sent 20', 'delivered 22']);
});
