import type { Action, ActionType } from '@prosa/core/actions/actions.ts';
import { m } from '#lib/paraglide/messages.js';

/** The kinds of action one can choose in an editor, with what they are called. */
export const actionNames: Record<ActionType, () => string> = {
	assign_agent: m.action_assign_agent,
	assign_team: m.action_assign_team,
	route: m.action_route,
	add_tags: m.action_add_tags,
	remove_tags: m.action_remove_tags,
	set_priority: m.action_set_priority,
	snooze: m.action_snooze,
	unsnooze: m.action_unsnooze,
	close: m.action_close,
	reopen: m.action_reopen,
	mark_spam: m.action_mark_spam,
	mark_read: m.action_mark_read,
	send_text: m.action_send_text,
	send_canned: m.action_send_canned,
	send_template: m.action_send_template,
	add_note: m.action_add_note,
	set_conversation_attribute: m.action_set_conversation_attribute,
	set_contact_attribute: m.action_set_contact_attribute,
	notify: m.action_notify
};

/** A new action of a kind, as empty as it may stand in an editor. */
export function freshAction(type: ActionType): Action {
	switch (type) {
		case 'assign_agent':
			return { type, agent: 'nobody' };
		case 'assign_team':
		case 'route':
			return { type, team: null };
		case 'add_tags':
		case 'remove_tags':
			return { type, tags: [] };
		case 'set_priority':
			return { type, priority: 3 };
		case 'snooze':
			return { type, until: 'tomorrow' };
		case 'mark_spam':
			return { type, spam: true };
		case 'send_text':
		case 'add_note':
			return { type, text: '' };
		case 'send_canned':
			return { type, canned: '' };
		case 'send_template':
			return { type, content: { kind: 'template' } };
		case 'set_conversation_attribute':
		case 'set_contact_attribute':
			return { type, key: '', value: '' };
		case 'notify':
			return { type, people: ['assignee'], text: '' };
		default:
			return { type };
	}
}
