import { isGroup, type Conditions, type Rule, type Single } from './conditions.ts';
import { attributeOf, closingHours } from './fields.ts';
import type { Asking } from './match.ts';

/** Conditions as PostgREST asks them of `conversations`. */
export interface Compiled {
	/** Embedded resources that the logic names, to stand in `select`, each with the logic on its own columns. */
	embeds: { alias: string; select: string; logic: string }[];
	/** One logic tree for `or=(…)`; null when everything fulfils the conditions. */
	logic: string | null;
	/**
	 * Tags of which every conversation has one, which the logic leaves out: to be read from those that carry them, for no
	 * index finds them by their array. Empty where the conditions ask for no tag by all means.
	 */
	tagIds: string[];
}

/** Writes conditions as PostgREST's logic. What belongs to contact or channel is asked of an embedding of its own. */
export function compileConditions(conditions: Conditions, asking: Asking): Compiled {
	const embeds: Compiled['embeds'] = [];
	const embed = (table: 'contacts' | 'channels', logic: string) => {
		const alias = `rule${embeds.length + 1}`;
		embeds.push({ alias, select: `${alias}:${table}()`, logic });
		return `${alias}.not.is.null`;
	};
	const tree = ({ match, rules }: Conditions): string =>
		`${match === 'all' ? 'and' : 'or'}(${rules.map((rule) => (isGroup(rule) ? tree(rule) : ruleLogic(rule, asking, embed))).join(',')})`;
	const byTag = tagRule(conditions);
	const rules = conditions.rules.filter((rule) => rule !== byTag);
	return {
		logic: rules.length === 0 ? null : tree({ ...conditions, rules }),
		embeds,
		tagIds: byTag ? listOf(byTag).map(String) : []
	};
}

/** The rule by which the fewest tags may fulfil the conditions; none where they can be fulfilled without any. */
function tagRule({ match, rules }: Conditions): Rule | undefined {
	if (match === 'any' && rules.length > 1) return undefined;
	return rules
		.filter((rule): rule is Rule => !isGroup(rule) && rule.field === 'tag_id' && (rule.op === 'is' || rule.op === 'in'))
		.toSorted((one, other) => listOf(one).length - listOf(other).length)[0];
}

type Embed = (table: 'contacts' | 'channels', logic: string) => string;

const never = 'id.is.null';

function ruleLogic(rule: Rule, asking: Asking, embed: Embed): string {
	const { field, op, value } = rule;
	const attribute = attributeOf(field);
	if (attribute) {
		const logic = attributeLogic(attribute.key, rule);
		return attribute.of === 'contact' ? embed('contacts', logic) : logic;
	}
	switch (field) {
		case 'channel_id':
		case 'team_id':
		case 'priority':
		case 'folder':
		case 'owner':
			return columnLogic(field, rule);
		case 'assignee_id':
			return columnLogic(field, withMe(rule, asking.me));
		case 'language':
			return embed('contacts', columnLogic('language', rule));
		case 'channel_type':
			return embed('channels', columnLogic('type', rule));
		case 'tag_id':
			return tagLogic(rule);
		case 'unread':
			return (value === true) === (op === 'is') ? 'unread_count.gt.0' : 'unread_count.eq.0';
		case 'waiting_minutes': {
			if (op === 'set' || op === 'not_set') return columnLogic('waiting_since', rule);
			const turn = instantOf(asking.now - Number(value) * 60_000);
			return `waiting_since.${op === 'gt' ? 'lt' : 'gt'}.${turn}`;
		}
		case 'window':
			return windowLogic(rule, asking.now);
		case 'created_at':
		case 'last_message_at':
			if (op === 'within_days') return `${field}.gte.${instantOf(asking.now - Number(value) * 86_400_000)}`;
			return `${field}.${op}.${quoted(new Date(String(value)).toISOString())}`;
		default:
			// A message's fields: no conversation is one.
			return never;
	}
}

const quoted = (value: Single) => `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`;
const instantOf = (milliseconds: number) => quoted(new Date(milliseconds).toISOString());
const listOf = ({ value }: Rule): Single[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function withMe(rule: Rule, me: string | null): Rule {
	const named = (value: Single) => (value === 'me' ? (me ?? '00000000-0000-0000-0000-000000000000') : value);
	return { ...rule, value: Array.isArray(rule.value) ? rule.value.map(named) : named(rule.value ?? null) };
}

/** A column that may be null, so that what is missing `is_not` anything. */
function columnLogic(column: string, rule: Rule): string {
	const values = listOf(rule).filter((value) => value !== null);
	const orNull = listOf(rule).includes(null);
	const list = `in.(${values.map(quoted).join(',')})`;
	switch (rule.op) {
		case 'set':
			return `${column}.not.is.null`;
		case 'not_set':
			return `${column}.is.null`;
		case 'is':
		case 'in':
			if (values.length === 0) return `${column}.is.null`;
			if (orNull) return `or(${column}.${list},${column}.is.null)`;
			return values.length === 1 ? `${column}.eq.${quoted(values[0] ?? '')}` : `${column}.${list}`;
		case 'is_not':
		case 'not_in':
			if (values.length === 0) return `${column}.not.is.null`;
			return orNull ? `${column}.not.${list}` : `or(${column}.not.${list},${column}.is.null)`;
		case 'contains':
			return `${column}.imatch.${quoted(literal(String(values[0])))}`;
		case 'not_contains':
			return `or(${column}.not.imatch.${quoted(literal(String(values[0])))},${column}.is.null)`;
		case 'gt':
		case 'lt':
			return `${column}.${rule.op}.${quoted(values[0] ?? '')}`;
		default:
			return never;
	}
}

/** A text as a regular expression that finds it. `ilike` cannot: it has no way to spell a `*`. */
const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function tagLogic(rule: Rule): string {
	const list = quoted(`{${listOf(rule).join(',')}}`);
	switch (rule.op) {
		case 'is':
		case 'in':
			return `tag_ids.ov.${list}`;
		case 'is_not':
		case 'not_in':
			return `tag_ids.not.ov.${list}`;
		default:
			return `tag_ids.${rule.op === 'set' ? 'neq' : 'eq'}."{}"`;
	}
}

function windowLogic(rule: Rule, now: number): string {
	if (rule.op === 'set' || rule.op === 'not_set') return columnLogic('window_expires_at', rule);
	const [at, soon] = [instantOf(now), instantOf(now + closingHours * 3_600_000)];
	const states: Record<string, string> = {
		open: `window_expires_at.gt.${at}`,
		closing: `and(window_expires_at.gt.${at},window_expires_at.lte.${soon})`,
		closed: `or(window_expires_at.lte.${at},window_expires_at.is.null)`
	};
	const others: Record<string, string> = {
		open: states.closed ?? never,
		closing: `or(window_expires_at.lte.${at},window_expires_at.gt.${soon},window_expires_at.is.null)`,
		closed: states.open ?? never
	};
	const positive = rule.op === 'is' || rule.op === 'in';
	const parts = listOf(rule).map(
		(state) => (positive ? states : others)[String(state)] ?? (positive ? never : `not.${never}`)
	);
	return `${positive ? 'or' : 'and'}(${parts.join(',')})`;
}

/** Compared as jsonb, which puts texts before numbers and truth values after them: a second bound keeps the others out. */
function attributeLogic(key: string, rule: Rule): string {
	const { op, value } = rule;
	if (op !== 'gt' && op !== 'lt') return columnLogic(`attributes->>${key}`, rule);
	const bounds =
		typeof value === 'number' ? { gt: 'lte.1e300', lt: 'gte.-1e300' } : { gt: 'lt.-1e300', lt: 'gte."\\"\\""' };
	const json = typeof value === 'number' ? String(value) : quoted(JSON.stringify(value));
	return `and(attributes->${key}.${op}.${json},attributes->${key}.${bounds[op]})`;
}
