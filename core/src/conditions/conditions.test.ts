import { describe, expect, test } from 'vitest';
import { readConditions, type Conditions, type Rule } from './conditions.ts';
import { isTimed, matchesConditions, type Subject } from './match.ts';
import { compileConditions } from './postgrest.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const asking = { me: 'ana', now };
const vip = '0c9f6f8e-4f0b-4c52-9f5b-0d9d5f2a1c11';
const late = '6d2f5a34-91c8-4a0e-8a55-3a4f7f1c2b22';

const subject: Subject = {
	channel_id: 'whatsapp',
	team_id: null,
	assignee_id: null,
	tag_ids: [vip],
	priority: 2,
	folder: 'open',
	waiting_since: '2026-11-21T11:30:00+00:00',
	window_expires_at: '2026-11-21T14:00:00+00:00',
	unread_count: 1,
	owner: 'human',
	created_at: '2026-11-20T12:00:00+00:00',
	last_message_at: '2026-11-21T11:30:00+00:00',
	attributes: { plan: 'Ouro', seats: 12, since: '2025-03-01' },
	contact: { language: null, attributes: { city: 'Niterói', vip: true } },
	channel: { type: 'whatsapp' }
};

const all = (...rules: Conditions['rules']): Conditions => ({ match: 'all', rules });
const holds = (rule: Rule, of: Partial<Subject> = {}) => matchesConditions({ ...subject, ...of }, all(rule), asking);

describe('a conversation fulfils', () => {
	test.each<[string, Rule, boolean]>([
		['nobody’s, asked for nobody', { field: 'assignee_id', op: 'is', value: null }, true],
		['nobody’s is not mine', { field: 'assignee_id', op: 'is_not', value: 'me' }, true],
		['nobody’s or mine', { field: 'assignee_id', op: 'in', value: [null, 'me'] }, true],
		['a missing language is not Portuguese', { field: 'language', op: 'is_not', value: 'pt_BR' }, true],
		['its tag', { field: 'tag_id', op: 'is', value: vip }, true],
		['none of its tags', { field: 'tag_id', op: 'not_in', value: [vip] }, false],
		['waiting more than 20 minutes', { field: 'waiting_minutes', op: 'gt', value: 20 }, true],
		['waiting less than 20 minutes', { field: 'waiting_minutes', op: 'lt', value: 20 }, false],
		['a window in its last hours', { field: 'window', op: 'is', value: 'closing' }, true],
		['which is open still', { field: 'window', op: 'is', value: 'open' }, true],
		['more than normal priority', { field: 'priority', op: 'gt', value: 1 }, true],
		['text of an attribute, in any case', { field: 'conversation_attribute.plan', op: 'contains', value: 'our' }, true],
		['a number of an attribute', { field: 'conversation_attribute.seats', op: 'gt', value: 10 }, true],
		['a text is no number', { field: 'conversation_attribute.plan', op: 'lt', value: 10 }, false],
		['a date of an attribute', { field: 'conversation_attribute.since', op: 'lt', value: '2026-01-01' }, true],
		['a truth of the contact', { field: 'contact_attribute.vip', op: 'is', value: true }, true],
		['an attribute that is not there', { field: 'contact_attribute.nope', op: 'not_set' }, true],
		['an attribute that is not there is not that', { field: 'contact_attribute.nope', op: 'is_not', value: 'x' }, true],
		['begun in the last day', { field: 'created_at', op: 'within_days', value: 1 }, true],
		['begun before today', { field: 'created_at', op: 'lt', value: '2026-11-21' }, true],
		['a message nobody asked about', { field: 'message_text', op: 'is_not', value: 'Oi' }, false]
	])('%s', (_, rule, expected) => expect(holds(rule)).toBe(expected));

	test('all or any of several, with a group among them', () => {
		const group: Conditions = {
			match: 'any',
			rules: [
				{ field: 'priority', op: 'is', value: 4 },
				{ field: 'unread', op: 'is', value: true }
			]
		};
		const urgent: Rule = { field: 'priority', op: 'is', value: 4 };
		expect(matchesConditions(subject, { match: 'all', rules: [group] }, asking)).toBe(true);
		expect(matchesConditions(subject, { match: 'all', rules: [group, urgent] }, asking)).toBe(false);
		expect(matchesConditions(subject, { match: 'any', rules: [] }, asking)).toBe(true);
	});
});

test('who never waited has waited neither more nor less', () => {
	const calm = { waiting_since: null };
	expect(holds({ field: 'waiting_minutes', op: 'gt', value: 0 }, calm)).toBe(false);
	expect(holds({ field: 'waiting_minutes', op: 'lt', value: 60 }, calm)).toBe(false);
	expect(holds({ field: 'waiting_minutes', op: 'not_set' }, calm)).toBe(true);
});

test.each<[string, unknown]>([
	['a field that nobody knows', all({ field: 'colour' as 'folder', op: 'is', value: 'red' })],
	['a way the field cannot be asked', all({ field: 'unread', op: 'gt', value: 1 })],
	['a value that is none', all({ field: 'tag_id', op: 'is', value: 'vip' })],
	['a list without members', all({ field: 'folder', op: 'in', value: [] })],
	['a key that could be more than a key', all({ field: 'contact_attribute.a"b', op: 'set' })],
	['groups within groups', { match: 'all', rules: [{ match: 'any', rules: [{ match: 'all', rules: [] }] }] }],
	['a day that there is not', all({ field: 'created_at', op: 'lt', value: '2026-02-30' })],
	['an hour that there is not', all({ field: 'created_at', op: 'lt', value: '2026-02-03T25:00:00Z' })],
	['a priority between two', all({ field: 'priority', op: 'is', value: 1.5 })],
	['no number', all({ field: 'waiting_minutes', op: 'gt', value: Number.NaN })],
	['a word that was never asked for', { match: 'all', rules: [{ field: 'unread', op: 'is', value: true, x: 1 }] }],
	['a group without rules', { match: 'all', rules: [{ match: 'any', rules: [] }] }],
	['nothing at all', null],
	['too many rules', { match: 'all', rules: Array(21).fill({ field: 'unread', op: 'is', value: true }) }]
])('refuses %s', (_, conditions) => expect(readConditions(conditions)).toBeNull());

test('what is kept reads the same in whichever order its parts come', () => {
	const shuffled = { rules: [{ value: '2026-02-03T09:00:00-03:00', op: 'gt', field: 'created_at' }], match: 'all' };
	expect(JSON.stringify(readConditions(shuffled))).toBe(
		JSON.stringify(all({ field: 'created_at', op: 'gt', value: '2026-02-03T09:00:00-03:00' }))
	);
});

test('only what looks at the clock changes by time alone', () => {
	expect(isTimed(all({ field: 'waiting_minutes', op: 'gt', value: 10 }))).toBe(true);
	expect(isTimed(all({ field: 'priority', op: 'gt', value: 1 }))).toBe(false);
});

describe('as PostgREST asks it', () => {
	const logic = (rule: Rule) => compileConditions(all(rule), asking).logic;

	test('a null is answered too', () => {
		expect(logic({ field: 'team_id', op: 'is_not', value: vip })).toBe(
			`and(or(team_id.not.in.("${vip}"),team_id.is.null))`
		);
	});

	test('what belongs to the contact is asked of an embedding', () => {
		const compiled = compileConditions(
			{
				match: 'any',
				rules: [
					{ field: 'language', op: 'is', value: 'pt_BR' },
					{ field: 'unread', op: 'is', value: true }
				]
			},
			asking
		);
		expect(compiled).toEqual({
			embeds: [{ alias: 'rule1', select: 'rule1:contacts()', logic: 'language.eq."pt_BR"' }],
			logic: 'or(rule1.not.is.null,unread_count.gt.0)',
			tagIds: []
		});
	});

	describe('a tag', () => {
		const tag: Rule = { field: 'tag_id', op: 'is', value: vip };
		const unread: Rule = { field: 'unread', op: 'is', value: true };
		const compile = (conditions: Conditions) => {
			const { logic, tagIds } = compileConditions(conditions, asking);
			return { logic, tagIds };
		};

		test('that all must have is what they are read by', () => {
			expect(compile(all(tag, unread))).toEqual({ tagIds: [vip], logic: 'and(unread_count.gt.0)' });
			expect(compile(all(tag))).toEqual({ tagIds: [vip], logic: null });
			expect(compile({ match: 'any', rules: [tag] })).toEqual({ tagIds: [vip], logic: null });
		});

		test('among several rules, the one with the fewest is', () => {
			const several: Rule = { field: 'tag_id', op: 'in', value: [vip, late] };
			expect(compile(all(several, tag))).toEqual({ tagIds: [vip], logic: `and(tag_ids.ov."{${vip},${late}}")` });
		});

		test('that some may lack is asked of each', () => {
			const logic = `tag_ids.ov."{${vip}}"`;
			expect(compile({ match: 'any', rules: [tag, unread] })).toEqual({
				tagIds: [],
				logic: `or(${logic},unread_count.gt.0)`
			});
			expect(compile(all({ match: 'any', rules: [tag, unread] }))).toEqual({
				tagIds: [],
				logic: `and(or(${logic},unread_count.gt.0))`
			});
			expect(compile(all({ ...tag, op: 'is_not' })).tagIds).toEqual([]);
			expect(compile(all({ field: 'tag_id', op: 'set' })).tagIds).toEqual([]);
		});
	});

	test('a quote in a value stays in the value', () => {
		expect(logic({ field: 'conversation_attribute.plan', op: 'is', value: 'a"),id.not.is.null' })).toBe(
			'and(attributes->>plan.eq."a\\"),id.not.is.null")'
		);
	});
});
