import { z } from 'zod';
import { interactiveSchema } from './outbound_interactive.ts';

/** Refused with 131009 and these details instead of a plain 100. */
export const invalidValue = (details: string): { message: string; params: { code: number } } => ({
	message: details,
	params: { code: 131009 }
});

const atMost = (length: number) => z.string().max(length);

/** Media by id of an upload or by link: exactly one. */
const media = <Shape extends z.ZodRawShape>(more: Shape) =>
	z
		.strictObject({ id: z.string().min(1).optional(), link: z.string().min(1).max(2_048).optional(), ...more })
		.refine(
			(value) => ('id' in value && value.id !== undefined) !== ('link' in value && value.link !== undefined),
			invalidValue('Media requires exactly one of id and link.')
		);

const textSchema = z.strictObject({ body: z.string().min(1).max(4_096), preview_url: z.boolean().optional() });

const locationSchema = z.strictObject({
	latitude: z.coerce.number().min(-90).max(90),
	longitude: z.coerce.number().min(-180).max(180),
	name: atMost(1_000).optional(),
	address: atMost(1_000).optional()
});

const card = z.looseObject({
	name: z.looseObject({ formatted_name: z.string().min(1) }),
	phones: z.array(z.looseObject({ phone: z.string().optional() })).optional()
});

const templateSchema = z.looseObject({
	name: z.string().min(1).max(512),
	language: z.looseObject({ code: z.string().min(2) }),
	components: z.array(z.looseObject({ type: z.string() })).optional()
});

/** The content of each kind the Cloud API sends, with the documented limits. */
export const contentSchemas = {
	text: textSchema,
	image: media({ caption: atMost(1_024).optional() }),
	video: media({ caption: atMost(1_024).optional() }),
	audio: media({ voice: z.boolean().optional() }),
	document: media({ caption: atMost(1_024).optional(), filename: atMost(240).optional() }),
	sticker: media({}),
	location: locationSchema,
	contacts: z.array(card).min(1).max(257),
	reaction: z.strictObject({ message_id: z.string().min(1).max(128), emoji: atMost(32) }),
	interactive: interactiveSchema,
	template: templateSchema
} as const;

export type OutboundKind = keyof typeof contentSchemas;

export const isOutboundKind = (kind: string): kind is OutboundKind => Object.hasOwn(contentSchemas, kind);

/** What stands around the content. Its own keys are checked together with the content's, so they are left loose here. */
export const envelopeSchema = z.looseObject({
	messaging_product: z.literal('whatsapp'),
	recipient_type: z.literal('individual').optional(),
	to: z.string().min(1).max(256).optional(),
	recipient: z.string().min(1).max(256).optional(),
	type: z.string().optional(),
	context: z.strictObject({ message_id: z.string().min(1).max(128) }).optional(),
	biz_opaque_callback_data: z.string().max(512).optional()
});

/** Keys that may stand beside the content. */
export const envelopeKeys: ReadonlySet<string> = new Set([...Object.keys(envelopeSchema.shape)]);

/** Marks a message as read, and everything before it, perhaps with a typing indicator. */
export const readSchema = z.strictObject({
	messaging_product: z.literal('whatsapp'),
	status: z.literal('read'),
	message_id: z.string().min(1).max(128),
	typing_indicator: z.strictObject({ type: z.literal('text') }).optional()
});
