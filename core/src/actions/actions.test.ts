import { expect, test } from 'vitest';
import { ACTION_TYPES, actionSchema, readActions, suitsRule, type Action } from './actions.ts';

const someone = '3b241101-e2bb-4255-8caf-4136c566a962';

test('every kind of action is among those that need a permission', () => {
	const kinds = actionSchema.options.map(({ shape }) => shape.type.value);
	expect([...kinds].sort()).toEqual([...ACTION_TYPES].sort());
});

test.each<unknown>([
	[],
	[{ type: 'delete_everything' }],
	[{ type: 'close', of: someone }],
	[{ type: 'assign_agent', agent: 'somebody' }],
	[{ type: 'set_priority', priority: 5 }],
	[{ type: 'snooze', until: { minutes: 0 } }],
	[{ type: 'snooze', until: 'yesterday' }],
	[{ type: 'send_text', text: '   ' }],
	[{ type: 'add_tags', tags: [] }],
	Array<Action>(21).fill({ type: 'close' }),
	null
])('%j is no list of actions', (value) => expect(readActions(value)).toBeNull());

test('a list of actions is read as it was written', () => {
	const actions: Action[] = [
		{ type: 'assign_agent', agent: 'me' },
		{ type: 'snooze', until: { minutes: 90 } },
		{ type: 'snooze', until: '2026-11-22T08:00:00-03:00' },
		{ type: 'set_contact_attribute', key: 'plan', value: null },
		{ type: 'notify', people: ['assignee', someone], text: '' }
	];
	expect(readActions(actions)).toEqual(actions);
});

test('a rule has no "me" and reads nothing', () => {
	expect(suitsRule({ type: 'assign_agent', agent: 'me' })).toBe(false);
	expect(suitsRule({ type: 'mark_read' })).toBe(false);
	expect(suitsRule({ type: 'assign_agent', agent: someone })).toBe(true);
	expect(suitsRule({ type: 'close' })).toBe(true);
});
