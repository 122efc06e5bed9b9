import { field, object, text, word, type Rule } from './rule.ts';

/** "Up to 257 contacts": …/whatsapp/messages/contacts-messages */
export const CONTACTS_MAX = 257;
const PART_MAX = 1_000;

/** A card as the Graph API takes it. */
export interface OutgoingCard {
	name: {
		formatted_name: string;
		/** Of these at least one, besides the formatted name. */
		first_name?: string | null;
		last_name?: string | null;
		middle_name?: string | null;
		prefix?: string | null;
		suffix?: string | null;
	};
	phones?: { phone?: string | null; type?: string | null; wa_id?: string | null }[] | null;
	emails?: { email?: string | null; type?: string | null }[] | null;
	urls?: { url?: string | null; type?: string | null }[] | null;
	addresses?:
		Partial<Record<'street' | 'city' | 'state' | 'zip' | 'country' | 'country_code' | 'type', string | null>>[] | null;
	org?: { company?: string | null; department?: string | null; title?: string | null } | null;
	/** YYYY-MM-DD */
	birthday?: string | null;
}

export interface OutgoingContacts {
	kind: 'contacts';
	contacts: OutgoingCard[];
}

const part = text(PART_MAX, 'contact_field_too_long');
const parts = (...names: string[]): Rule => object(names.map((name) => field(name, part)));
const some = (of: Rule): Rule => ({
	is: 'list',
	min: 0,
	max: 50,
	few: 'value_invalid',
	many: 'value_invalid',
	of
});

const NAME_PARTS = ['first_name', 'last_name', 'middle_name', 'prefix', 'suffix'];

const card = object([
	field(
		'name',
		object(
			[
				field(
					'formatted_name',
					text(PART_MAX, 'contact_field_too_long', 'contact_name_missing'),
					'contact_name_missing'
				),
				...NAME_PARTS.map((name) => field(name, part))
			],
			{ at_least_one: { of: NAME_PARTS, none: 'contact_name_incomplete' } }
		),
		'contact_name_missing'
	),
	field('phones', some(parts('phone', 'type', 'wa_id'))),
	field('emails', some(parts('email', 'type'))),
	field('urls', some(parts('url', 'type'))),
	field('addresses', some(parts('street', 'city', 'state', 'zip', 'country', 'country_code', 'type'))),
	field('org', parts('company', 'department', 'title')),
	field('birthday', {
		...part,
		like: { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', fault: 'contact_birthday_invalid' }
	})
]);

export const CONTACTS_RULE: Rule = object([
	field('kind', word('contacts')),
	field(
		'contacts',
		{ is: 'list', min: 1, max: CONTACTS_MAX, few: 'contacts_missing', many: 'contacts_too_many', of: card },
		'contacts_missing'
	)
]);

/** The card of somebody with a name and a phone, as an agent's address book has them. */
export function cardOf(name: string, phone: string | null): OutgoingCard {
	const digits = phone?.replace(/\D/g, '') ?? '';
	return {
		name: { formatted_name: name, first_name: name.split(/\s+/)[0] ?? name },
		...(digits ? { phones: [{ phone: `+${digits}`, type: 'CELL', wa_id: digits }] } : {})
	};
}
