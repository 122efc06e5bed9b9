/** A contact card as it is drawn, whichever way it went: what came in is flat, what we sent is in the Graph API's shape. */
export interface Card {
	name: string;
	note: string | null;
	/** Written as on the card; WhatsApp's own digits where it has no other. */
	phones: string[];
	emails: string[];
}

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const texts = (values: (string | null)[]) => values.filter((value) => value !== null);

export function cardOf(value: unknown): Card {
	const card = fieldsOf(value);
	const [name, org] = [fieldsOf(card.name), fieldsOf(card.org)];
	return {
		name: textOf(card.name) ?? textOf(name.formatted_name) ?? '',
		note:
			texts([textOf(card.title) ?? textOf(org.title), textOf(card.company) ?? textOf(org.company)]).join(' · ') || null,
		phones: texts(listOf(card.phones).map(({ phone, wa_id }) => textOf(phone) ?? textOf(wa_id))),
		emails: texts(listOf(card.emails).map(({ email }) => textOf(email)))
	};
}
