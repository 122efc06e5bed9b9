import { z } from 'zod';
import type { Tokens } from '../budget/budget.ts';

/*
 * What a server that speaks as OpenAI does answers, as far as we rely on it: checked, not believed.
 */

export const Usage = z
	.object({
		prompt_tokens: z.number().int().nonnegative(),
		completion_tokens: z.number().int().nonnegative(),
		prompt_tokens_details: z.object({ cached_tokens: z.number().int().nonnegative().nullish() }).nullish()
	})
	.nullish()
	.transform((usage): Tokens | null =>
		usage
			? {
					input: usage.prompt_tokens,
					cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
					output: usage.completion_tokens
				}
			: null
	);

/** One event of a stream. */
export const Piece = z.object({
	choices: z.array(
		z.object({ finish_reason: z.string().nullish(), delta: z.object({ content: z.string().nullish() }) })
	),
	usage: Usage
});

/** How a model is told how long it may answer and how freely: servers and models differ. */
export function limitsOf(
	{ model, temperature, maxOutputTokens }: { model: string; temperature: number; maxOutputTokens: number },
	baseUrl: string
): { max_tokens?: number; max_completion_tokens?: number; temperature?: number } {
	// OpenAI's own has taken the old name away; most others have never learned the new one.
	const ours = /(^|\.)openai\.com$/.test(new URL(baseUrl).hostname);
	return {
		...(ours ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
		// Models that think take no temperature.
		...(/^(?:o\d|gpt-[5-9])/.test(model) ? {} : { temperature })
	};
}
