import type { Person } from './events.ts';
import { identitiesOf, same, type Names } from './identity.ts';
import { fieldsOf, itemsOf, textOf } from './json.ts';

const LONGEST_NAME = 200;

/** The `contacts[]` beside messages and statuses: names for people, matched by id and never by position. */
export function contactsOf(value: unknown): Person[] {
	return itemsOf(value).flatMap((item) => {
		const contact = fieldsOf(item);
		if (!contact) return [];
		const profile = fieldsOf(contact.profile);
		return {
			identities: identitiesOf({ phone: contact.wa_id, user: contact.user_id, parent: contact.parent_user_id }),
			name: nameOf(profile?.name),
			username: nameOf(profile?.username ?? contact.username)?.replace(/^@/, '') ?? null
		};
	});
}

/** A name as the contacts table takes it. */
export function nameOf(value: unknown): string | null {
	const name = textOf(value);
	return name !== null && name.length > LONGEST_NAME ? [...name].slice(0, LONGEST_NAME).join('') : name;
}

/**
 * The person a part names, completed from `contacts[]`. An entry belongs to them when an id agrees; it then lends its
 * name and the kinds of id the part itself lacks. A part that names nobody takes the only contact there is. An entry
 * with another number is another person: Meta's examples have such pairs, and a guess would mix two people up.
 */
export function personOf(names: Names, contacts: Person[]): Person {
	const own = identitiesOf(names);
	const match =
		own.length === 0
			? contacts.length === 1
				? contacts[0]
				: undefined
			: contacts.find((contact) => contact.identities.some((theirs) => own.some((mine) => same(mine, theirs))));
	if (!match) return { identities: own, name: null, username: null };
	const lent = match.identities.filter(({ kind }) => !own.some((mine) => mine.kind === kind));
	return { identities: [...own, ...lent], name: match.name, username: match.username };
}
