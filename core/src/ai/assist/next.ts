import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import { NEXT_ACTIONS, type NextAction } from './ask.ts';

/** What the best next thing looks like, for providers that hold a model to a schema. `readNext` reads it, however it comes. */
export const NEXT_SCHEMA = {
	name: 'next',
	schema: {
		type: 'object',
		additionalProperties: false,
		properties: {
			action: { type: 'string', enum: [...NEXT_ACTIONS] },
			text: { type: 'string' }
		},
		required: ['action', 'text']
	}
};

const Next = z.object({
	action: z.enum(NEXT_ACTIONS),
	text: z
		.string()
		.transform((text) => text.replace(/\s+/g, ' ').trim())
		.pipe(z.string().min(1))
		.transform((text) => (text.length > 300 ? `${text.slice(0, 299).toWellFormed().trimEnd()}…` : text))
});

/** What a model advises; null where it cannot be read: it is never guessed. */
export function readNext(answer: string): { action: NextAction; text: string } | null {
	const open = answer.indexOf('{');
	if (open < 0) return null;
	const close = answer.lastIndexOf('}');
	try {
		const read = Next.safeParse(JSON.parse(jsonrepair(answer.slice(open, close > open ? close + 1 : undefined))));
		return read.success ? read.data : null;
	} catch {
		return null;
	}
}
