import type { MaskEntry } from '@prosa/core/ai/masking/mask.ts';
import { z } from 'zod';

/** A piece of a document, as `private.search_knowledge` gives it. */
export const Found = z.object({
	document_id: z.guid(),
	position: z.number(),
	title: z.string(),
	heading: z.string(),
	text: z.string()
});
export type Found = z.infer<typeof Found>;

/** What `private.take_ai_turn` gives: who answers, whom, and what was said. */
export const Reading = z.object({
	tenant: z.object({ id: z.guid(), name: z.string(), timezone: z.string(), language: z.string() }),
	agent: z.object({ id: z.guid(), version_id: z.guid().nullable(), number: z.number(), definition: z.unknown() }),
	contact: z.object({
		id: z.guid(),
		name: z.string(),
		language: z.string().nullable(),
		phone: z.string().nullable(),
		email: z.string().nullable(),
		attributes: z.record(z.string(), z.unknown()),
		/** What is known of them beside. */
		facts: z.array(z.string()).default([])
	}),
	tags: z.array(z.string()),
	summary: z.string().nullable(),
	/** Oldest first. */
	said: z.array(
		z.object({
			seq: z.number(),
			author: z.enum(['customer', 'company']),
			kind: z.string(),
			text: z.string().nullable()
		})
	),
	flows: z.array(z.object({ id: z.guid(), name: z.string() })),
	known_tags: z.array(z.string()),
	fields: z.array(z.object({ key: z.string(), label: z.string(), type: z.string() })),
	/** Whether SGP is on, and which HTTP connections are. */
	sgp: z.boolean(),
	connections: z.array(z.guid()),
	up_to: z.number(),
	owner_epoch: z.number(),
	revision: z.number(),
	tries: z.number(),
	answers: z.number(),
	/** Written by a worker. */
	masks: z.custom<MaskEntry[]>(Array.isArray)
});
export type Reading = z.infer<typeof Reading>;
