import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConditions, type Conditions, type Rule } from '../../../core/src/conditions/conditions.ts';
import { matchesConditions, type Subject } from '../../../core/src/conditions/match.ts';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { rolledBack } from '../rolled_back.ts';

const database = useDatabase();

// What zod takes for a uuid: of version 4.
const id = (name: string) => uuid(name).replace(/^(.{14}).(.{4}).(.*)$/, '$14$2a$3');
const [tagA, tagB, tagC] = [id('tag a'), id('tag b'), id('tag c')];
const someone = id('someone');
const now = Date.parse('2026-11-21T12:00:00.000Z');
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

const around = fc.constantFrom(
	-100_000,
	-2_881,
	-2_880,
	-1_440,
	-241,
	-240,
	-60,
	-30,
	-1,
	0,
	1,
	30,
	239,
	240,
	241,
	1_440
);
const value = fc.constantFrom<unknown>(
	'Ouro',
	'ouro e prata',
	'São João',
	'SÃO',
	'2026-01-01',
	'12',
	12,
	0,
	-3.5,
	true,
	false,
	null
);
const attributes = fc.dictionary(fc.constantFrom('plan', 'seats'), value, { maxKeys: 2 });

const subjects: fc.Arbitrary<Subject> = fc.record({
	channel_id: fc.constant(uuid('padaria channel')),
	team_id: fc.constantFrom(null, uuid('padaria team')),
	assignee_id: fc.constantFrom(null, uuid('caio'), uuid('duda')),
	tag_ids: fc.subarray([tagA, tagB]),
	priority: fc.integer({ min: 0, max: 4 }),
	folder: fc.constantFrom('open', 'closed', 'spam', 'snoozed'),
	waiting_since: fc.option(around.map(at)),
	window_expires_at: fc.option(around.map(at)),
	unread_count: fc.integer({ min: 0, max: 2 }),
	owner: fc.constantFrom('human', 'bot', 'ai'),
	created_at: around.map(at),
	last_message_at: around.map(at),
	attributes,
	contact: fc.record({ language: fc.constantFrom(null, 'pt-BR', 'en'), attributes }),
	channel: fc.constant({ type: 'whatsapp' }),
	message: fc.record({
		text: fc.constantFrom('Quero a SEGUNDA via do boleto', 'Não é isso', '', 'olá'),
		kind: fc.constantFrom('text', 'image'),
		is_first: fc.boolean(),
		in_business_hours: fc.constant(true)
	})
});

const fields = {
	channel_id: [uuid('padaria channel'), someone],
	channel_type: ['whatsapp', 'email'],
	tag_id: [tagA, tagB, tagC],
	team_id: [uuid('padaria team'), someone, null],
	assignee_id: [uuid('caio'), 'me', null],
	priority: [0, 1, 2, 3, 4],
	folder: ['open', 'closed', 'spam', 'snoozed'],
	waiting_minutes: [0, 1, 30, 60, 1_440],
	window: ['open', 'closing', 'closed'],
	language: ['pt-BR', 'en', null],
	unread: [true, false],
	owner: ['human', 'bot', 'ai'],
	created_at: ['2026-11-21', '2026-11-21T12:00:00Z', '2026-11-21T09:00:00-03:00', 1, 2],
	last_message_at: ['2026-11-20', '2026-11-21T11:30:00Z', 1],
	message_text: ['boleto', 'NÃO', 'olá', 'Olá'],
	message_kind: ['text', 'image'],
	is_first_message: [true, false],
	in_business_hours: [true, false],
	'contact_attribute.plan': ['Ouro', 'são', 12, true, null, '2026-01-01', 5],
	'contact_attribute.seats': ['12', 12, 0, 'ouro'],
	'conversation_attribute.plan': ['Prata', 'ouro', 12, false, -3.5],
	'conversation_attribute.nothing': ['x', 1, null]
} satisfies Record<string, unknown[]>;

const ops = [
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
const rules: fc.Arbitrary<Rule> = fc
	.constantFrom(...(Object.keys(fields) as (keyof typeof fields)[]))
	.chain((field) =>
		fc.record({
			field: fc.constant(field),
			op: fc.constantFrom(...ops),
			value: fc.oneof(
				fc.constantFrom<unknown>(...fields[field]),
				fc.subarray<unknown>([...fields[field]], { minLength: 1 })
			)
		})
	)
	.map(({ op, value, ...rest }) =>
		op === 'set' || op === 'not_set' ? { ...rest, op } : { ...rest, op, value }
	) as fc.Arbitrary<Rule>;
const sets: fc.Arbitrary<Conditions> = fc
	.record({
		match: fc.constantFrom('all', 'any'),
		rules: fc.array(
			fc.oneof(
				{ weight: 4, arbitrary: rules },
				{
					weight: 1,
					arbitrary: fc.record({
						match: fc.constantFrom('all', 'any'),
						rules: fc.array(rules, { minLength: 1, maxLength: 3 })
					})
				}
			),
			{ maxLength: 3 }
		)
	})
	.filter((conditions) => readConditions(conditions) !== null) as fc.Arbitrary<Conditions>;

/** Which fields the generator has asked about with a fitting value, and how often each answer came. */
const asked = new Map<string, Set<boolean>>();

test('the database answers conditions as the browser does, whatever they ask', async () => {
	await rolledBack(database.owner, async (sql) => {
		await sql`alter table public.conversations disable trigger user`;
		await sql`alter table public.contacts disable trigger user`;
		const [contactId, conversationId] = [uuid('asked contact'), uuid('asked conversation')];
		await sql`insert into public.contacts (id, tenant_id, name) values (${contactId}, ${uuid('padaria')}, 'Maria')`;
		await sql`
			insert into public.conversations (id, tenant_id, contact_id, channel_id)
			values (${conversationId}, ${uuid('padaria')}, ${contactId}, ${uuid('padaria channel')})`;

		await fc.assert(
			fc.asyncProperty(
				subjects,
				fc.array(sets, { minLength: 12, maxLength: 12 }),
				fc.constantFrom(null, uuid('caio')),
				async (subject, conditions, me) => {
					await sql`
					update public.contacts
					set language = ${subject.contact.language}, attributes = ${JSON.stringify(subject.contact.attributes)}::text::jsonb
					where id = ${contactId}`;
					const { folder } = subject;
					await sql`
					update public.conversations
					set
						team_id = ${subject.team_id}, assignee_id = ${subject.assignee_id}, tag_ids = ${subject.tag_ids},
						priority = ${subject.priority}, status = ${folder === 'closed' ? 'closed' : 'open'},
						closed_at = ${folder === 'closed' ? at(0) : null}, is_spam = ${folder === 'spam'},
						snoozed_until = ${folder === 'snoozed' ? 'infinity' : null}::text::timestamptz, waiting_since = ${subject.waiting_since},
						window_expires_at = ${subject.window_expires_at}, unread_count = ${subject.unread_count}, owner = ${subject.owner},
						created_at = ${subject.created_at}, last_message_at = ${subject.last_message_at},
						attributes = ${JSON.stringify(subject.attributes)}::text::jsonb
					where id = ${conversationId}`;
					const { text, kind, is_first } = subject.message as NonNullable<Subject['message']>;
					const answers = await sql<{ holds: boolean }[]>`
					select private.matches_conditions(
						c, a.value, ${me}, ${JSON.stringify({ text, kind, is_first })}::text::jsonb, ${at(0)}::timestamptz
					) as holds
					from public.conversations c, jsonb_array_elements(${JSON.stringify(conditions)}::text::jsonb) with ordinality a
					where c.id = ${conversationId}
					order by a.ordinality`;
					conditions.forEach((one, place) => {
						const expected = matchesConditions(subject, one, { me, now });
						expect(answers[place]?.holds, JSON.stringify({ one, subject, me })).toBe(expected);
						const [only] = one.rules;
						if (one.rules.length === 1 && only && 'field' in only) {
							const key = `${only.field} ${only.op}`;
							asked.set(key, (asked.get(key) ?? new Set()).add(expected));
						}
					});
				}
			),
			{ numRuns: 400, seed: Number(process.env.SEED ?? 1) }
		);
	});
	// Not by never asking.
	expect(asked.size).toBeGreaterThan(60);
	expect([...asked.values()].filter((answers) => answers.size === 2).length).toBeGreaterThan(40);
}, 60_000);
