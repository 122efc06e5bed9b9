import { expect, test } from 'vitest';
import { recordedActions, type RecordedMessage } from './recorded.ts';

const me = '3b241101-e2bb-4255-8caf-4136c566a962';
const tag = '4b241101-e2bb-4255-8caf-4136c566a962';
const message = (seq: number, changes: Partial<RecordedMessage>): RecordedMessage => ({
	seq,
	kind: 'activity',
	author: 'agent',
	author_id: me,
	direction: 'out',
	body: '',
	content: {},
	...changes
});
const activity = (seq: number, ...changes: object[]) => message(seq, { content: { changes } });

test('what one did in a thread is told again as actions, in the order it was done', () => {
	expect(
		recordedActions(
			[
				message(5, { kind: 'text', body: 'Já resolvi!' }),
				activity(2, { type: 'assignee', from: null, to: { id: me, name: 'Ana' } }),
				activity(3, { type: 'tags', added: [{ id: tag }], removed: [] }, { type: 'priority', from: 0, to: 3 }),
				message(4, { kind: 'note', body: 'Cliente antigo' }),
				activity(6, { type: 'closed' })
			],
			me
		)
	).toEqual([
		{ type: 'assign_agent', agent: 'me' },
		{ type: 'add_tags', tags: [tag] },
		{ type: 'set_priority', priority: 3 },
		{ type: 'add_note', text: 'Cliente antigo' },
		{ type: 'send_text', text: 'Já resolvi!' },
		{ type: 'close' }
	]);
});

test('what the customer says, and what rules and colleagues do meanwhile, is not one’s own', () => {
	expect(
		recordedActions(
			[
				message(1, { direction: 'in', author: 'contact', author_id: null, kind: 'text', body: 'Oi' }),
				message(2, { author: 'system', author_id: null, content: { changes: [{ type: 'closed' }] } }),
				message(3, { author_id: 'somebody else', kind: 'text', body: 'Oi' }),
				message(4, { kind: 'image', body: 'foto' })
			],
			me
		)
	).toEqual([]);
});
