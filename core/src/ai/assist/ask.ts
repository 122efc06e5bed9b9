import { z } from 'zod';

/** What a person may ask for about a text of their own. */
export const REWRITES = ['brand', 'shorter', 'friendlier', 'formal', 'spelling'] as const;
export type Rewrite = (typeof REWRITES)[number];

/** What one can do next in a conversation. */
export const NEXT_ACTIONS = ['reply', 'ask', 'assign', 'tag', 'snooze', 'close', 'wait'] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];

const text = z.string().trim().min(1).max(8_000);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);
const about = { conversation_id: z.guid() };

/** What the composer asks of the model, as it comes from a browser. */
export const Ask = z.discriminatedUnion('task', [
	/** The next message to the customer; `draft` is what the person has begun. */
	z.object({ ...about, task: z.literal('suggest'), draft: z.string().trim().max(8_000).default('') }),
	z.object({ ...about, task: z.literal('rewrite'), how: z.enum(REWRITES), text }),
	/** A text of one's own. `to` null: into the customer's language. */
	z.object({ ...about, task: z.literal('translate'), text, to: language.nullable() }),
	/** A message of the thread; kept, and shown beneath it to all who read that language. */
	z.object({ ...about, task: z.literal('translate_message'), message_id: z.guid(), to: language }),
	/** Kept, and shown at the head of the conversation. */
	z.object({ ...about, task: z.literal('summarise'), to: language }),
	z.object({ ...about, task: z.literal('next'), to: language })
]);
export type Ask = z.infer<typeof Ask>;
export type AskInput = z.input<typeof Ask>;
export type Task = Ask['task'];

/** What came of it, when all of it is there. */
export interface Assisted {
	text: string;
	/** Documents that it names, by title. */
	sources: string[];
	/** What to do next, where that was asked. */
	action: NextAction | null;
	/** The answer did not fit. */
	cut: boolean;
}
