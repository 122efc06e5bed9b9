import type { z } from 'zod';
import type { KindContent } from '../content.ts';
import type { Fields } from '../json.ts';

/** A message's content as read from the payload, with the text a person would read in it ('' if none). */
export interface Reading {
	content: KindContent;
	body: string;
	/** The message this one is about, where the content itself says so. */
	target?: string;
}

/** Reads one kind of message; null when the payload is not as documented. */
export type Part = (message: Fields, kind: string) => Reading | null;

/** A part that checks `message[key]` with a schema and turns the result into a reading. */
export function part<Schema extends z.ZodType>(
	key: string | null,
	schema: Schema,
	read: (value: z.output<Schema>, kind: string) => Reading | null
): Part {
	return (message, kind) => {
		const parsed = schema.safeParse(message[key ?? kind]);
		return parsed.success ? read(parsed.data, kind) : null;
	};
}
