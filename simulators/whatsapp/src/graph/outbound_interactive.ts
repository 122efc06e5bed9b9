import { z } from 'zod';

const invalid = (details: string) => ({ error: details });

/** A string whose length is refused in the words Meta uses for interactive messages. */
const sized = (what: string, min: number, max: number) =>
	z.string().refine((text) => text.length >= min && text.length <= max, {
		message: `${what} length invalid. Min length: ${min}, Max length: ${max}`,
		params: { code: 131009 }
	});

const header = z.looseObject({
	type: z.enum(['text', 'image', 'video', 'document'], invalid('Header type must be text, image, video or document')),
	text: sized('Header text', 1, 60).optional()
});
const body = z.looseObject({ text: sized('Body text', 1, 4_096) });
const shortBody = z.looseObject({ text: sized('Body text', 1, 1_024) });
const footer = z.looseObject({ text: sized('Footer text', 1, 60) });
const around = { header: header.optional(), footer: footer.optional() };

const replyButton = z.strictObject({
	type: z.literal('reply'),
	reply: z.strictObject({ id: sized('Button id', 1, 256), title: sized('Button title', 1, 20) })
});

const buttons = z
	.array(replyButton)
	.refine((list) => list.length >= 1 && list.length <= 3, {
		message: 'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3',
		params: { code: 131009 }
	})
	.refine((list) => new Set(list.map((button) => button.reply.id)).size === list.length, {
		message: 'Duplicate button ids are not allowed.',
		params: { code: 131009 }
	});

const row = z.strictObject({
	id: sized('Row id', 1, 200),
	title: sized('Row title', 1, 24),
	description: sized('Row description', 0, 72).optional()
});

const sections = z
	.array(z.looseObject({ title: sized('Section title', 1, 24).optional(), rows: z.array(row).min(1) }))
	.min(1)
	.refine((list) => list.reduce((sum, section) => sum + section.rows.length, 0) <= 10, {
		message: 'Total row count exceed max allowed count: 10',
		params: { code: 131009 }
	})
	.refine((list) => list.length === 1 || list.every((section) => section.title !== undefined), {
		message: 'Section title is required when there is more than one section.',
		params: { code: 131009 }
	});

const anything = z.looseObject({});

/** Interactive messages: buttons and lists checked in full, the rest by what every one of them must carry. */
export const interactiveSchema = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('button'),
		...around,
		body: shortBody,
		action: z.looseObject({ buttons })
	}),
	z.strictObject({
		type: z.literal('list'),
		...around,
		body,
		action: z.looseObject({ button: sized('Button', 1, 20), sections })
	}),
	z.strictObject({
		type: z.literal('cta_url'),
		...around,
		body: shortBody,
		action: z.looseObject({
			name: z.literal('cta_url'),
			parameters: z.looseObject({ display_text: sized('Button text', 1, 20), url: z.string().min(1) })
		})
	}),
	z.strictObject({
		type: z.literal('flow'),
		...around,
		body: shortBody,
		action: z.looseObject({
			name: z.literal('flow'),
			parameters: z.looseObject({ flow_cta: sized('Flow CTA', 1, 30) })
		})
	}),
	z.strictObject({
		type: z.literal('product'),
		...around,
		body: shortBody.optional(),
		action: z.looseObject({ catalog_id: z.string().min(1), product_retailer_id: z.string().min(1) })
	}),
	z.strictObject({
		type: z.literal('product_list'),
		...around,
		body: shortBody,
		action: z.looseObject({ catalog_id: z.string().min(1), sections: z.array(anything).min(1).max(10) })
	}),
	z.strictObject({ type: z.literal('catalog_message'), ...around, body: shortBody, action: anything }),
	z.strictObject({
		type: z.literal('location_request_message'),
		...around,
		body: shortBody,
		action: z.looseObject({ name: z.literal('send_location') })
	}),
	z.strictObject({ type: z.literal('address_message'), ...around, body: shortBody, action: anything }),
	z.strictObject({
		type: z.literal('call_permission_request'),
		...around,
		body: shortBody.optional(),
		action: anything
	}),
	z.strictObject({ type: z.literal('carousel'), body: shortBody, action: anything })
]);
