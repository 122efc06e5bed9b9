import type { Action, Until } from '@prosa/core/actions/actions.ts';
import { priorityName } from '#lib/conversation/priority.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { nameOf, type Place } from '#lib/workspace/context.ts';
import type { Choices } from './choices.svelte.ts';
import { actionNames } from './fresh.ts';

/** Who and what actions are about, to call them by their names. */
export interface Named {
	place: Place;
	choices: Choices;
}

function untilText(until: Until): string {
	if (until === 'answer') return m.until_answer();
	if (until === 'tomorrow') return m.until_tomorrow();
	if (until === 'monday') return m.until_monday();
	if (typeof until === 'string')
		return new Date(until).toLocaleString(getLocale(), { dateStyle: 'short', timeStyle: 'short' });
	return until.minutes === 60 ? m.until_hour() : m.until_minutes({ count: until.minutes });
}

/** What an action is about, in words; empty where its name says it all. */
function objectOf(action: Action, { place, choices }: Named): string {
	const among = (list: readonly { id: string; name: string }[], id: string) =>
		list.find((one) => one.id === id)?.name ?? m.action_gone();
	switch (action.type) {
		case 'assign_agent':
			if (action.agent === 'me') return m.action_me();
			return action.agent === 'nobody' ? m.action_nobody() : (nameOf(place, action.agent) ?? m.action_gone());
		case 'assign_team':
			return action.team === null ? m.action_no_team() : among(choices.teams, action.team);
		case 'route':
			return action.team === null ? m.action_own_team() : among(choices.teams, action.team);
		case 'add_tags':
		case 'remove_tags':
			return action.tags.map((id) => among(choices.tags, id)).join(', ');
		case 'set_priority':
			return priorityName(action.priority);
		case 'snooze':
			return untilText(action.until);
		case 'send_canned':
			return among(choices.canned, action.canned);
		case 'send_text':
		case 'add_note':
			return `“${action.text.trim()}”`;
		case 'set_conversation_attribute':
		case 'set_contact_attribute': {
			const label = choices.attributes.find(({ key }) => key === action.key)?.label ?? action.key;
			const value = typeof action.value === 'boolean' ? (action.value ? m.yes() : m.no()) : String(action.value ?? '–');
			return label === '' ? '' : `${label} = ${value}`;
		}
		case 'notify':
			return action.people
				.map((one) =>
					one === 'assignee'
						? m.action_assignee()
						: one === 'team'
							? m.action_whole_team()
							: (nameOf(place, one) ?? m.action_gone())
				)
				.join(', ');
		default:
			return '';
	}
}

/** What an action does, in words: its name and what it is about. */
export function sentenceOfAction(action: Action, named: Named): { name: string; object: string } {
	const name = action.type === 'mark_spam' && !action.spam ? m.action_not_spam() : actionNames[action.type]();
	return { name, object: objectOf(action, named) };
}
