import type { Event } from './events.ts';

const SHORT = { phone: 'p', bsuid: 'b', parent_bsuid: 'pb' };

/** One event as a line a person can check: what it is, whose, what it says, and what it does. */
export function summary(event: Event): string {
	switch (event.type) {
		case 'message': {
			const effects = [
				event.target_external_id && `→${event.target_external_id.slice(-6)}`,
				event.opens_window && 'window',
				event.free_entry_point && 'free',
				event.counts_unread && 'unread',
				event.history_status && `history:${event.history_status}`
			].filter(Boolean);
			const said = event.body ? ` "${event.body.slice(0, 40)}"` : '';
			return [`${event.direction} ${event.author} ${event.kind}${said}`, who(event), ...effects].join(' | ');
		}
		case 'status':
			return `status ${event.status} ${event.external_id.slice(-6)}${event.error ? ` ${event.error.code}` : ''} | ${who(event)}`;
		case 'identity':
			return `identity | ${who(event)}`;
		case 'preference':
			return `preference ${event.category} ${event.value} | ${who(event)}`;
		case 'account':
			return `account ${event.field}`;
	}
}

function who({ identities, name, username }: Extract<Event, { identities: unknown }>): string {
	const ids = identities.map(
		({ kind, value, address }) => `${SHORT[kind]}:${value}${address === value ? '' : `(${address})`}`
	);
	return [...ids, name ?? '', username ? `@${username}` : ''].filter(Boolean).join(' ') || 'nobody';
}
