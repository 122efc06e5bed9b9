import { z } from 'zod';

/** Text, or a number where Meta is not consistent, as text. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** The same, null where missing. */
export const MaybeText = Text.nullish().transform((value) => value ?? null);

/** A number, or text that is one. */
export const Amount = z.union([
	z.number(),
	z
		.string()
		.regex(/^\s*-?\d+(\.\d+)?\s*$/)
		.transform(Number)
]);

export const Anything = z.record(z.string(), z.unknown());
