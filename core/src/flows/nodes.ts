import { z } from 'zod';
import { readConditions, type Conditions } from '../conditions/conditions.ts';
import { MEDIA_KINDS } from '../whatsapp/content.ts';
import { ANSWER_KINDS } from './answers/kinds.ts';
import { LIMITS } from './limits.ts';
import { SGP_ASKS } from './sgp.ts';
import { isWritable } from './variables.ts';

/** Letters, digits and dashes: ids stand in the ids of buttons. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
const Label = z.string().max(200).default('');
/** A text with `{{variables}}`; how long it may be for WhatsApp the problems tell, a draft may still be too long. */
const Text = z.string().max(5_000);
const Uuid = z.guid();
const Expression = z.string().min(1).max(LIMITS.expression);
/** Where an answer is kept. */
const Target = z.string().refine(isWritable, 'variable_name');
const Seconds = z
	.int()
	.min(5)
	.max(30 * 86_400);
/** Where on the paper; farther out nothing can be drawn. */
const Coordinate = z.number().min(-1_000_000).max(1_000_000);
/** How long an answer is waited for; null: for as long as the conversation is open. */
const timeout = Seconds.nullable().default(null);

const retries = z
	.strictObject({ most: z.int().min(0).max(LIMITS.retries).default(2), text: Text.default('') })
	.default({ most: 2, text: '' });

const Option = z.strictObject({ id: Id, label: z.string().max(200), description: z.string().max(200).optional() });
export type Option = z.infer<typeof Option>;

const asked = { save_as: Target.nullable().default(null), retries, timeout };

const Answer = z.strictObject({
	kind: z.enum(ANSWER_KINDS),
	/** number: least and most; text and name: characters. */
	min: z.number().optional(),
	max: z.number().optional(),
	/** pattern: RE2, matched against the whole answer. */
	pattern: z.string().max(500).optional(),
	/** choice: what may be said. */
	options: z.array(Option).max(50).optional(),
	/** media: what may be sent; none: anything. */
	media: z.array(z.enum(MEDIA_KINDS)).optional(),
	/** date: only from today on, or only until today. */
	when: z.enum(['any', 'future', 'past']).optional()
});
export type AnswerRule = z.infer<typeof Answer>;

const conditions = z.custom<Conditions>((value) => readConditions(value) !== null, 'conditions_invalid');
const plain = z.union([z.string().max(500), z.number(), z.boolean(), z.null()]);

export const TEST_OPS = [
	'is',
	'is_not',
	'contains',
	'not_contains',
	'begins',
	'gt',
	'lt',
	'in',
	'set',
	'not_set'
] as const;
const Test = z.strictObject({
	variable: z.string().max(80),
	op: z.enum(TEST_OPS),
	value: z.union([plain, z.array(plain).max(100)]).optional()
});
export type Test = z.infer<typeof Test>;

const When = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('variables'), match: z.enum(['all', 'any']), tests: z.array(Test).min(1).max(20) }),
	/** The same questions that filters and rules ask of a conversation. */
	z.strictObject({ type: z.literal('conversation'), conditions }),
	z.strictObject({ type: z.literal('expression'), expression: Expression })
]);
export type When = z.infer<typeof When>;

/** null: empties it. */
const To = z.union([z.strictObject({ expression: Expression }), z.strictObject({ text: Text }), z.null()]);

const Header = z.strictObject({ name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/), value: z.string().max(2_000) });
const Address = z.string().max(2_000);
/** Which parts of an answer are kept, and where. */
const Save = z
	.array(z.strictObject({ variable: Target, path: z.string().max(200) }))
	.max(20)
	.default([]);
const at = {
	id: Id,
	name: Label,
	/** Where the editor draws it. */
	position: z.strictObject({ x: Coordinate, y: Coordinate }).default({ x: 0, y: 0 })
};
const node = <Type extends string, Shape extends z.core.$ZodShape>(type: Type, shape: Shape) =>
	z.strictObject({ ...at, type: z.literal(type), ...shape });

/** Every kind of node (D1 of the features). */
export const Node = z.discriminatedUnion('type', [
	node('start', {}),
	node('message', { text: Text, preview_url: z.boolean().default(false) }),
	node('media', {
		kind: z.enum(MEDIA_KINDS),
		path: z.string().max(512).nullable().default(null),
		link: Address.nullable().default(null),
		mime_type: z.string().max(200).nullable().default(null),
		size: z.number().nullable().default(null),
		filename: z.string().max(240).nullable().default(null),
		caption: Text.default('')
	}),
	node('buttons', { text: Text, footer: Text.default(''), options: z.array(Option).max(10), ...asked }),
	node('list', {
		text: Text,
		footer: Text.default(''),
		/** What the button that opens the list says. */
		button: z.string().max(200).default('Ver opções'),
		sections: z
			.array(z.strictObject({ title: z.string().max(200).default(''), options: z.array(Option).max(30) }))
			.max(10),
		...asked
	}),
	node('question', {
		text: Text,
		answer: Answer,
		...asked,
		/** What the customer had written before it was asked is no answer, unless it is to be taken for one. */
		early: z.enum(['skip', 'take']).default('skip')
	}),
	node('condition', {
		cases: z
			.array(z.strictObject({ id: Id, label: Label, when: When }))
			.min(1)
			.max(20)
	}),
	node('set', {
		set: z
			.array(z.strictObject({ variable: Target, to: To }))
			.min(1)
			.max(20)
	}),
	node('wait', {
		seconds: z
			.int()
			.min(1)
			.max(30 * 86_400),
		interrupt: z.boolean().default(false)
	}),
	node('http', {
		method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
		/** With a connection: a path under its address. */
		url: Address,
		/** A module of the tenant's, which knows the address and the secret headers. */
		connection: Uuid.nullable().default(null),
		headers: z.array(Header).max(20).default([]),
		body: z.string().max(20_000).default(''),
		seconds: z.int().min(1).max(15).default(5),
		retries: z.int().min(0).max(3).default(1),
		save: Save
	}),
	node('sgp', {
		ask: z.enum(SGP_ASKS),
		/** A CPF or CNPJ, or the number of a contract: with variables. */
		document: z.string().max(200).default(''),
		contract: z.string().max(200).default(''),
		save: Save
	}),
	node('ai', {
		prompt: Text,
		save_as: Target.nullable().default(null),
		/** Whether its answer is sent to the customer. */
		say: z.boolean().default(true),
		seconds: z.int().min(1).max(60).default(20)
	}),
	node('tag', { add: z.array(Uuid).max(20).default([]), remove: z.array(Uuid).max(20).default([]) }),
	node('assign', { team_id: Uuid.nullable() }),
	node('handover', {
		text: Text.default(''),
		note: Text.default(''),
		team_id: Uuid.nullable().default(null),
		agent_id: Uuid.nullable().default(null),
		/** An AI agent goes on; where it answers nobody, people do. */
		ai_agent_id: Uuid.nullable().default(null)
	}),
	node('hours', { team_id: Uuid.nullable().default(null) }),
	node('split', {
		variants: z
			.array(z.strictObject({ id: Id, label: Label, weight: z.int().min(0).max(1_000) }))
			.min(1)
			.max(10)
	}),
	node('flow', { flow_id: Uuid }),
	node('template', {
		template_id: Uuid.nullable().default(null),
		template: z.string().min(1).max(512),
		language: z.string().min(2).max(20),
		components: z.array(z.record(z.string(), z.json())).max(10).default([])
	}),
	node('csat', { text: Text, scale: z.enum(['faces', 'stars']).default('stars'), ...asked }),
	node('lead', {
		title: Text.default(''),
		temperature: z.enum(['cold', 'warm', 'hot']),
		value: z.string().max(LIMITS.expression).default('')
	}),
	node('webhook', {
		url: Address,
		event: z.string().regex(/^[a-z][a-z0-9_.]{0,59}$/),
		body: z.string().max(20_000).default('')
	}),
	node('end', { close: z.boolean().default(false) })
]);

export type Node = z.infer<typeof Node>;
export type NodeType = Node['type'];
export type NodeOf<Type extends NodeType> = Extract<Node, { type: Type }>;

export const NODE_TYPES = Node.options.map(({ shape }) => shape.type.value) as NodeType[];
