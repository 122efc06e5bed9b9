import { isGroup, type Conditions, type Rule, type Single } from './conditions.ts';
import { attributeOf, closingHours } from './fields.ts';

/** What of a conversation the rules ask about; a row of the list has it all. */
export interface Subject {
	channel_id: string;
	team_id: string | null;
	assignee_id: string | null;
	tag_ids: string[];
	priority: number;
	folder: string;
	waiting_since: string | null;
	window_expires_at: string | null;
	unread_count: number;
	owner: string;
	created_at: string;
	last_message_at: string;
	attributes: unknown;
	contact: { language: string | null; attributes: unknown };
	channel: { type: string };
	/** Only where one message is asked about. */
	message?: { text: string; kind: string; is_first: boolean; in_business_hours: boolean };
}

/** Who asks, and when. */
export interface Asking {
	me: string | null;
	/** Milliseconds since the epoch. */
	now: number;
}

const dayMs = 86_400_000;

/** Whether a conversation fulfils conditions, as the database would say. */
export function matchesConditions(subject: Subject, { match, rules }: Conditions, asking: Asking): boolean {
	if (rules.length === 0) return true;
	const holds = (rule: Rule | Conditions) =>
		isGroup(rule) ? matchesConditions(subject, rule, asking) : matchesRule(subject, rule, asking);
	return match === 'all' ? rules.every(holds) : rules.some(holds);
}

/** Whether the answer can change by time passing alone. */
export function isTimed(conditions: Conditions): boolean {
	return conditions.rules.some((rule) =>
		isGroup(rule)
			? isTimed(rule)
			: rule.op === 'within_days' || rule.field === 'window' || (rule.field === 'waiting_minutes' && rule.value != null)
	);
}

function matchesRule(subject: Subject, rule: Rule, asking: Asking): boolean {
	const { field } = rule;
	if (field === 'tag_id') return matchesTags(subject.tag_ids, rule);
	if (field === 'waiting_minutes') return matchesWait(subject.waiting_since, rule, asking.now);
	if (field === 'window') return matchesWindow(subject.window_expires_at, rule, asking.now);
	if (field === 'created_at' || field === 'last_message_at') return matchesDate(subject[field], rule, asking.now);
	const attribute = attributeOf(field);
	if (attribute) {
		const attributes = attribute.of === 'contact' ? subject.contact.attributes : subject.attributes;
		return matchesAttribute(attributes, attribute.key, rule);
	}
	const known = fieldOf(subject, field);
	if (known === undefined) return false;
	return matchesSingle(known, rule, field === 'assignee_id' ? asking.me : undefined);
}

function fieldOf(subject: Subject, field: string): Single | undefined {
	switch (field) {
		case 'channel_id':
		case 'team_id':
		case 'assignee_id':
		case 'priority':
		case 'folder':
		case 'owner':
			return subject[field];
		case 'channel_type':
			return subject.channel.type;
		case 'language':
			return subject.contact.language;
		case 'unread':
			return subject.unread_count > 0;
		case 'message_text':
			return subject.message?.text;
		case 'message_kind':
			return subject.message?.kind;
		case 'is_first_message':
			return subject.message?.is_first;
		case 'in_business_hours':
			return subject.message?.in_business_hours;
		default:
			return undefined;
	}
}

const listOf = ({ value }: Rule): Single[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function matchesSingle(known: Single, rule: Rule, me: string | null | undefined): boolean {
	const values = listOf(rule).map((value) =>
		me !== undefined && value === 'me' ? (me ?? Symbol.for('nobody')) : value
	);
	const [first] = values;
	switch (rule.op) {
		case 'is':
		case 'in':
			return values.includes(known);
		case 'is_not':
		case 'not_in':
			return !values.includes(known);
		case 'set':
			return known !== null;
		case 'not_set':
			return known === null;
		case 'gt':
			return typeof known === 'number' && typeof first === 'number' && known > first;
		case 'lt':
			return typeof known === 'number' && typeof first === 'number' && known < first;
		case 'contains':
			return includes(known, first);
		case 'not_contains':
			return !includes(known, first);
		default:
			return false;
	}
}

const includes = (known: Single, part: unknown) =>
	known !== null && String(known).toLowerCase().includes(String(part).toLowerCase());

function matchesTags(tagIds: string[], rule: Rule): boolean {
	const some = listOf(rule).some((id) => tagIds.includes(String(id)));
	switch (rule.op) {
		case 'is':
		case 'in':
			return some;
		case 'is_not':
		case 'not_in':
			return !some;
		case 'set':
			return tagIds.length > 0;
		default:
			return rule.op === 'not_set' && tagIds.length === 0;
	}
}

function matchesWait(since: string | null, { op, value }: Rule, now: number): boolean {
	if (op === 'set') return since !== null;
	if (op === 'not_set') return since === null;
	if (since === null) return false;
	const turn = now - Number(value) * 60_000;
	return op === 'gt' ? Date.parse(since) < turn : Date.parse(since) > turn;
}

function matchesWindow(expiresAt: string | null, rule: Rule, now: number): boolean {
	const expires = expiresAt === null ? -Infinity : Date.parse(expiresAt);
	const states = new Set<Single>([expires > now ? 'open' : 'closed']);
	if (expires > now && expires <= now + closingHours * 3_600_000) states.add('closing');
	if (rule.op === 'set') return expiresAt !== null;
	if (rule.op === 'not_set') return expiresAt === null;
	const some = listOf(rule).some((state) => states.has(state));
	return rule.op === 'is' || rule.op === 'in' ? some : !some;
}

function matchesDate(at: string, { op, value }: Rule, now: number): boolean {
	const time = Date.parse(at);
	if (op === 'within_days') return time >= now - Number(value) * dayMs;
	return op === 'gt' ? time > Date.parse(String(value)) : time < Date.parse(String(value));
}

/** Attributes are compared by their text, numbers with `gt` and `lt` as numbers; a list by its JSON. */
function matchesAttribute(attributes: unknown, key: string, rule: Rule): boolean {
	const kept = attributes as Record<string, unknown> | null;
	const value = typeof kept === 'object' && kept !== null && Object.hasOwn(kept, key) ? kept[key] : null;
	const [first] = listOf(rule);
	if (rule.op === 'gt' || rule.op === 'lt') {
		if (typeof value !== typeof first || (typeof value !== 'number' && typeof value !== 'string')) return false;
		return rule.op === 'gt' ? value > (first as typeof value) : value < (first as typeof value);
	}
	const texts = listOf(rule).map((one) => (one === null ? null : String(one)));
	return matchesSingle(textOf(value), { ...rule, value: texts }, undefined);
}

function textOf(value: unknown): string | null {
	if (value === null || value === undefined) return null;
	return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
