import { z } from 'zod';

/** What became of one conversation: everything done, or nothing, and then why and at which action. */
const result = z.object({
	conversation_id: z.guid(),
	outcome: z.enum(['done', 'refused']),
	code: z.string().nullish(),
	detail: z.string().nullish(),
	/** Which action was refused, from 0. */
	action: z.number().nullish()
});

/** What `perform_actions` and `run_macro` answer. */
export const performedSchema = z.object({
	/** Takes it back, for ten minutes; null where nothing was changed that could be. */
	undo_id: z.guid().nullable(),
	results: z.array(result)
});

export type PerformedResult = z.infer<typeof result>;
export type Performed = z.infer<typeof performedSchema>;

/** What `undo_actions` answers. */
export const undoneSchema = z.object({
	undone: z.number(),
	/** Changed by somebody since: left as they are. */
	kept: z.number()
});
export type Undone = z.infer<typeof undoneSchema>;

/** What a conversation would be after actions: `preview_actions`. */
export const previewSchema = z.object({
	before: z.record(z.string(), z.unknown()),
	after: z.record(z.string(), z.unknown()),
	code: z.string().nullish(),
	detail: z.string().nullish(),
	action: z.number().nullish()
});
export type Preview = z.infer<typeof previewSchema>;
