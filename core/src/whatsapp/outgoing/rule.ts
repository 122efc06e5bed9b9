import type { FaultCode } from './faults.ts';

/**
 * What may be sent is a table of rules in plain JSON. Forms read it here (check.ts), the database reads the very same
 * table (`private.content_rule`, sql/45_outgoing_rules.sql), so that the two can't drift apart.
 */
export type Rule =
	| TextRule
	| NumberRule
	| { is: 'boolean' }
	/** One of these words. */
	| { is: 'word'; of: string[]; fault: FaultCode }
	/** A MIME type by what stands before its parameters: `audio/ogg; codecs=opus` is `audio/ogg`. */
	| { is: 'mime'; of: string[]; fault: FaultCode }
	/** A place among at most ten, as a number or as its digit: Meta's examples have both. */
	| { is: 'index' }
	/** Exactly one emoji, or nothing. */
	| { is: 'emoji' }
	/** Any JSON object with something in it: what a Flow's screen is given. */
	| { is: 'data'; fault: FaultCode }
	| ListRule
	| ObjectRule
	/** Which rule holds is told by a word in the object itself. */
	| { is: 'variant'; by: string; of: Record<string, Rule> };

/** Lengths count characters (code points), not UTF-16 units. Blank text is empty text. */
export interface TextRule {
	is: 'text';
	/** Raised when it is blank; without it a blank text will do. */
	empty?: FaultCode;
	max: number;
	long: FaultCode;
	/** A regular expression that JavaScript and Postgres read alike. */
	like?: { pattern: string; fault: FaultCode };
}

export interface NumberRule {
	is: 'number';
	min: number;
	max: number;
	whole?: true;
	low: FaultCode;
	high: FaultCode;
}

export interface ListRule {
	is: 'list';
	min: number;
	max: number;
	few: FaultCode;
	many: FaultCode;
	of: Rule;
	/** Items must differ in what stands at these paths (`reply.title`). */
	differ?: { at: string[]; fault: FaultCode }[];
}

export interface Field {
	name: string;
	rule: Rule;
	/** Raised when it is absent or null; without it the field may be left out. */
	missing?: FaultCode;
}

/** Fields that are not named here are refused. What follows is asked in this order, after every field. */
export interface ObjectRule {
	is: 'object';
	/** Of the fields: what the database looks a field up in. */
	names: string[];
	fields: Field[];
	exactly_one?: { of: string[]; none: FaultCode; many: FaultCode };
	at_least_one?: { of: string[]; none: FaultCode };
	/** With this field these must be there too. */
	needs?: { with: string; fields: string[]; fault: FaultCode };
	/** One more rule for a field, where a yes-or-no field is (or is not) true. */
	also?: { when: string; is: boolean; field: string; rule: Rule }[];
	sections?: SectionsRule;
	alike?: { cards: string; fault: FaultCode };
}

/** Sections of a list of `items`: so many items in all, no id twice, and titles as soon as there are two sections. */
export interface SectionsRule {
	items: string;
	max: number;
	many: FaultCode;
	id: string;
	repeated: FaultCode;
	untitled: FaultCode;
}

export const field = (name: string, rule: Rule, missing?: FaultCode): Field => ({
	name,
	rule,
	...(missing ? { missing } : {})
});

export const text = (max: number, long: FaultCode, empty?: FaultCode): TextRule => ({
	is: 'text',
	max,
	long,
	...(empty ? { empty } : {})
});

export const word = (...of: string[]): Rule => ({ is: 'word', of, fault: 'value_invalid' });

export const object = (fields: Field[], more: Omit<ObjectRule, 'is' | 'names' | 'fields'> = {}): ObjectRule => ({
	is: 'object',
	names: fields.map(({ name }) => name),
	fields,
	...more
});

/** An id of Meta's or of the business: not empty, and no longer than anything of theirs. */
export const id = (max = 256): TextRule => text(max, 'id_too_long', 'id_empty');

/** An address Meta's servers or the customer's browser can open. */
export const address = (max = 2_048): TextRule => ({
	...text(max, 'link_too_long', 'link_invalid'),
	like: { pattern: '^https?://[^/ \\t\\r\\n]+[^ \\t\\r\\n]*$', fault: 'link_invalid' }
});
