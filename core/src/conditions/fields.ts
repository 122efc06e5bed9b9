/**
 * What a conversation can be asked about, and how. The database's `private.matches_conditions` reads the same words:
 * a word added here is added there.
 */

/** The ways to ask. `set` and `not_set` take no value, `in` and `not_in` a list. */
export const ops = [
	'is',
	'is_not',
	'in',
	'not_in',
	'contains',
	'not_contains',
	'gt',
	'lt',
	'set',
	'not_set',
	'within_days'
] as const;
export type Op = (typeof ops)[number];

/** What kind of answer a field gives, which decides the ways to ask. */
export type FieldKind = 'reference' | 'choice' | 'tags' | 'rank' | 'minutes' | 'flag' | 'date' | 'text' | 'attribute';

const equality = ['is', 'is_not', 'in', 'not_in'] as const;

/** The ways each kind of field can be asked. */
export const opsOf: Record<FieldKind, readonly Op[]> = {
	reference: [...equality, 'set', 'not_set'],
	choice: [...equality, 'set', 'not_set'],
	tags: [...equality, 'set', 'not_set'],
	rank: [...equality, 'gt', 'lt'],
	minutes: ['gt', 'lt', 'set', 'not_set'],
	flag: ['is', 'is_not'],
	date: ['gt', 'lt', 'within_days'],
	text: ['is', 'is_not', 'contains', 'not_contains'],
	attribute: [...equality, 'contains', 'not_contains', 'gt', 'lt', 'set', 'not_set']
};

/** The fields with a name of their own. */
export const fieldKinds = {
	channel_id: 'reference',
	channel_type: 'choice',
	tag_id: 'tags',
	team_id: 'reference',
	/** A user's id, `me`, or null for nobody. */
	assignee_id: 'reference',
	priority: 'rank',
	folder: 'choice',
	waiting_minutes: 'minutes',
	/** `open` until it ends, `closing` in its last four hours (still open), `closed` after, or when there never was one. */
	window: 'choice',
	language: 'choice',
	unread: 'flag',
	owner: 'choice',
	created_at: 'date',
	last_message_at: 'date',
	message_text: 'text',
	message_kind: 'choice',
	is_first_message: 'flag',
	in_business_hours: 'flag'
} as const satisfies Record<string, FieldKind>;

export type NamedField = keyof typeof fieldKinds;
export type AttributeField = `contact_attribute.${string}` | `conversation_attribute.${string}`;
export type Field = NamedField | AttributeField;

/** Fields that only a rule has, which is asked about one message. */
export const messageFields: readonly Field[] = [
	'message_text',
	'message_kind',
	'is_first_message',
	'in_business_hours'
];

/** The window's last stretch, which is worth hurrying for. */
export const closingHours = 4;

const attributeName = /^(contact|conversation)_attribute\.([a-z][a-z0-9_]{0,59})$/;

/** Whose attribute a field is and its key; null for a field with a name of its own. */
export function attributeOf(field: string): { of: 'contact' | 'conversation'; key: string } | null {
	const [, of, key] = attributeName.exec(field) ?? [];
	return of && key ? { of: of as 'contact' | 'conversation', key } : null;
}

/** What kind of field a name is; null for a name that is no field. */
export function kindOfField(field: string): FieldKind | null {
	if (Object.hasOwn(fieldKinds, field)) return fieldKinds[field as NamedField];
	return attributeOf(field) ? 'attribute' : null;
}
