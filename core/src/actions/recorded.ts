import { actionSchema, maxActions, type Action } from './actions.ts';

/** What of a message of a thread tells what was done there. */
export interface RecordedMessage {
	seq: number;
	kind: string;
	author: string;
	author_id: string | null;
	direction: string;
	body: string;
	content: unknown;
}

interface Change {
	type: string;
	to?: unknown;
	until?: string;
	added?: { id: string }[];
	removed?: { id: string }[];
}

const idOf = (named: unknown): string | null =>
	typeof named === 'object' && named !== null && 'id' in named && typeof named.id === 'string' ? named.id : null;

/** The action that makes such a change; what one gave to oneself is given to whoever runs the macro. */
function actionsOf(change: Change, me: string): unknown[] {
	switch (change.type) {
		case 'closed':
			return [{ type: 'close' }];
		case 'reopened':
			return [{ type: 'reopen' }];
		case 'spam':
			return [{ type: 'mark_spam', spam: change.to }];
		case 'snoozed':
			return [{ type: 'snooze', until: change.until === 'infinity' ? 'answer' : 'tomorrow' }];
		case 'woke':
			return [{ type: 'unsnooze' }];
		case 'team':
			return [{ type: 'assign_team', team: idOf(change.to) }];
		case 'assignee': {
			const to = idOf(change.to);
			return [{ type: 'assign_agent', agent: to === me ? 'me' : (to ?? 'nobody') }];
		}
		case 'priority':
			return [{ type: 'set_priority', priority: change.to }];
		case 'tags':
			return [
				{ type: 'add_tags', tags: (change.added ?? []).map(({ id }) => id) },
				{ type: 'remove_tags', tags: (change.removed ?? []).map(({ id }) => id) }
			];
		default:
			return [];
	}
}

function changesOf(content: unknown): Change[] {
	if (typeof content !== 'object' || content === null || !('changes' in content)) return [];
	return Array.isArray(content.changes) ? (content.changes as Change[]) : [];
}

/**
 * What a person did in a thread, as the actions that would do it again: from what the thread tells, in its order. What
 * rules and others did is theirs. A snooze is until tomorrow, whatever the moment was: a macro is for any day.
 */
export function recordedActions(messages: readonly RecordedMessage[], me: string): Action[] {
	return messages
		.filter(({ author_id, direction }) => author_id === me && direction === 'out')
		.toSorted((one, other) => one.seq - other.seq)
		.flatMap(({ kind, body, content }): unknown[] => {
			if (kind === 'activity') return changesOf(content).flatMap((change) => actionsOf(change, me));
			if (kind === 'note') return [{ type: 'add_note', text: body }];
			if (kind === 'text') return [{ type: 'send_text', text: body }];
			if (kind === 'template') return [{ type: 'send_template', content }];
			return [];
		})
		.flatMap((action) => {
			const read = actionSchema.safeParse(action);
			return read.success ? [read.data] : [];
		})
		.slice(0, maxActions);
}
