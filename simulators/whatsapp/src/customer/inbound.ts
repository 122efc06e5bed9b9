import { z } from 'zod';

const filled = (max: number) => z.string().min(1).max(max);
/** File content in base64; where left out a small real sample stands in. */
const file = { data: z.base64().optional(), mime_type: filled(120).optional(), filename: filled(240).optional() };
const caption = z.string().max(1_024).optional();
const target = filled(200);

/** What a customer can do on their phone, one shape a kind. */
const kinds = [
	z.strictObject({ kind: z.literal('text'), text: filled(65_536) }),
	z.strictObject({ kind: z.literal('image'), ...file, caption }),
	z.strictObject({ kind: z.literal('video'), ...file, caption }),
	z.strictObject({ kind: z.literal('audio'), ...file, voice: z.boolean().default(false) }),
	z.strictObject({ kind: z.literal('voice'), ...file }),
	z.strictObject({ kind: z.literal('document'), ...file, caption }),
	z.strictObject({ kind: z.literal('sticker'), ...file, animated: z.boolean().default(false) }),
	z.strictObject({
		kind: z.literal('location'),
		latitude: z.number().min(-90).max(90),
		longitude: z.number().min(-180).max(180),
		name: filled(1_000).optional(),
		address: filled(1_000).optional(),
		url: filled(2_000).optional()
	}),
	z.strictObject({
		kind: z.literal('contacts'),
		contacts: z
			.array(
				z.strictObject({
					name: filled(200),
					phone: filled(40).optional(),
					email: filled(200).optional(),
					company: filled(200).optional()
				})
			)
			.min(1)
	}),
	z.strictObject({ kind: z.literal('reaction'), message_id: target, emoji: z.string().max(32) }),
	z.strictObject({ kind: z.literal('button'), text: filled(256), payload: filled(256) }),
	z.strictObject({ kind: z.literal('button_reply'), id: filled(256), title: filled(256) }),
	z.strictObject({
		kind: z.literal('list_reply'),
		id: filled(256),
		title: filled(256),
		description: filled(256).optional()
	}),
	z.strictObject({
		kind: z.literal('nfm_reply'),
		response: z.record(z.string(), z.unknown()),
		body: filled(256).optional(),
		name: filled(64).optional()
	}),
	z.strictObject({
		kind: z.literal('order'),
		catalog_id: filled(64).default('367025965434465'),
		text: z.string().max(4_096).default(''),
		items: z
			.array(
				z.strictObject({
					product: filled(100),
					quantity: z.number().int().positive(),
					price: z.number().nonnegative(),
					currency: filled(3).default('BRL')
				})
			)
			.min(1)
	}),
	z.strictObject({
		kind: z.literal('system'),
		change: z.enum(['user_changed_number', 'user_changed_user_id', 'customer_identity_changed']),
		/** The new number, for `user_changed_number`. */
		new_number: z
			.string()
			.regex(/^\d{8,15}$/)
			.optional()
	}),
	z.strictObject({ kind: z.literal('unsupported'), type: filled(64).default('poll_creation') }),
	z.strictObject({ kind: z.literal('edit'), message_id: target, text: filled(65_536) }),
	z.strictObject({ kind: z.literal('revoke'), message_id: target }),
	z.strictObject({ kind: z.literal('preference'), value: z.enum(['stop', 'resume']) }),
	/** Any message object as it stands; `id`, `from` and `timestamp` are filled in where missing. */
	z.strictObject({ kind: z.literal('raw'), message: z.record(z.string(), z.unknown()) })
] as const;

/** What may come with any of them. */
const common = z.object({
	phone_number_id: z.string().min(1),
	/** Number, username or business-scoped id; whoever is unknown becomes known. */
	from: filled(200),
	name: filled(200).optional(),
	/** The id of the message that is answered. */
	context: target.optional(),
	forwarded: z.boolean().optional(),
	frequently_forwarded: z.boolean().optional(),
	/** The ad that was clicked; `true` stands for an ordinary one. */
	referral: z.union([z.literal(true), z.record(z.string(), z.unknown())]).optional(),
	referred_product: z.strictObject({ catalog_id: filled(64), product_retailer_id: filled(100) }).optional(),
	/** Seconds ago it was written, for messages that were long on their way. */
	age_seconds: z
		.number()
		.min(0)
		.max(30 * 24 * 60 * 60)
		.optional()
});

export type InboundAction = z.infer<(typeof kinds)[number]>;
export type InboundCommon = z.infer<typeof common>;
export interface Inbound {
	common: InboundCommon;
	action: InboundAction;
}

const action = z.discriminatedUnion('kind', kinds);
const commonKeys = Object.keys(common.shape);

/**
 * Splits what any message may carry from what the kind asks for, and checks both. The kind's own fields stand beside the
 * others or inside `content`; a place's name and a form's must stand inside, since `name` outside is the person's.
 * Throws ZodError.
 */
export function parseInbound(body: unknown): Inbound {
	const { content, ...flat } = z.looseObject({ content: z.record(z.string(), z.unknown()).optional() }).parse(body);
	const all: Record<string, unknown> = { kind: 'text', ...flat };
	const picked = Object.fromEntries(Object.entries(all).filter(([key]) => commonKeys.includes(key)));
	const rest = Object.fromEntries(Object.entries(all).filter(([key]) => !commonKeys.includes(key)));
	return { common: common.parse(picked), action: action.parse({ ...rest, ...content }) };
}
