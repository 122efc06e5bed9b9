import { timeIn, type Change } from './change.ts';
import type { Event, Identity, IdentityChange } from './events.ts';
import { identitiesOf, union } from './identity.ts';
import { fieldsOf, textOf, type Fields } from './json.ts';
import { nameOf, personOf } from './people.ts';

/** The identity change a system message tells of; null when it tells of none. */
export function identityFromSystem(change: Change, message: Fields): IdentityChange | null {
	const system = fieldsOf(message.system);
	const type = textOf(system?.type);
	if (!system || type === null || !/number|user_id|identity/.test(type)) return null;
	const sender = personOf(
		{ phone: message.from, user: message.from_user_id, parent: message.from_parent_user_id },
		change.contacts
	);
	const now = identitiesOf({
		phone: system.wa_id ?? system.new_wa_id,
		user: system.user_id,
		parent: system.parent_user_id
	});
	const before = sentence(textOf(system.body) ?? '', now);
	const identities = union(union(before, sender.identities), now);
	const last = identities.filter((identity) => !now.includes(identity)).concat(now);
	return identityEvent(change, { ...sender, identities: last }, message.timestamp, textOf(system.body) ?? type);
}

/** `user_id_update[]`: a person's business-scoped id was replaced. */
export function userIdUpdate(change: Change, item: unknown): Event[] {
	const update = fieldsOf(item);
	const user = fieldsOf(update?.user_id);
	if (!update || !user) return [];
	const parent = fieldsOf(update.parent_user_id);
	const current = personOf({ phone: update.wa_id, user: user.current, parent: parent?.current }, change.contacts);
	const previous = identitiesOf({ user: user.previous, parent: parent?.previous });
	const identities = union(previous, current.identities);
	if (identities.length === 0) return [];
	return [identityEvent(change, { ...current, identities }, update.timestamp, textOf(update.detail))];
}

/** `state_sync[]`: an entry of the phone app's address book (coexistence) gives a number its name. */
export function stateSync(change: Change, item: unknown): Event[] {
	const entry = fieldsOf(item);
	const contact = fieldsOf(entry?.contact);
	const identities = identitiesOf({ phone: contact?.phone_number, user: contact?.user_id });
	if (entry?.action === 'remove' || identities.length === 0) return [];
	const name = nameOf(contact?.full_name) ?? nameOf(contact?.first_name);
	const action = `state_sync:${textOf(entry?.action) ?? 'add'}`;
	const person = { identities, name, username: nameOf(contact?.username) };
	return [identityEvent(change, person, fieldsOf(entry?.metadata)?.timestamp, action)];
}

function identityEvent(
	change: Change,
	person: { identities: Identity[]; name: string | null; username: string | null },
	time: unknown,
	detail: string | null
): IdentityChange {
	return { type: 'identity', ...change.place, ...person, at: timeIn(change, time), detail };
}

/**
 * "User Ana changed from US.1 to US.2": the previous id stands nowhere else when the message has no sender. Only the
 * sentence's end is Meta's (the name before it is the customer's own text), and it must name the id we were given.
 */
function sentence(body: string, now: Identity[]): Identity[] {
	const [, from, to] = /changed from (\S+) to (\S+?)\.?$/.exec(body) ?? [];
	if (from === undefined || !now.some(({ address }) => address === to)) return [];
	const kind = now.find(({ address }) => address === to)?.kind;
	return identitiesOf(kind === 'phone' ? { phone: from } : { user: from });
}
