import { jsonrepair } from 'jsonrepair';
import { z } from 'zod';
import { fold } from '../../text/fold.ts';

/** A word of a list, also as models write it when they forget the list: in Portuguese, in capitals, with an accent. */
function word<const Words extends readonly [string, ...string[]]>(words: Words, also: Record<string, Words[number]>) {
	return z.preprocess((value) => {
		if (typeof value !== 'string') return value;
		const folded = fold(value);
		return Object.hasOwn(also, folded) ? also[folded] : folded;
	}, z.enum(words));
}

const truth = z.preprocess((value) => {
	if (typeof value !== 'string') return value;
	const folded = fold(value);
	return /^(?:true|sim|yes|1)$/.test(folded) ? true : /^(?:false|nao|no|0)$/.test(folded) ? false : value;
}, z.boolean());

const text = (most: number) =>
	z
		.string()
		.transform((value) => value.replace(/\s+/g, ' ').trim())
		.transform((value) => (value.length > most ? `${value.slice(0, most - 1).trimEnd()}…` : value));

/** What a model says of a conversation. */
export const Decision = z.object({
	intent: text(60).transform(
		(value) =>
			fold(value)
				.replace(/[^a-z0-9]+/g, '_')
				.replace(/^_|_$/g, '') || 'other'
	),
	sentiment: word(['negative', 'neutral', 'positive'], {
		negativo: 'negative',
		neutro: 'neutral',
		positivo: 'positive',
		mixed: 'neutral',
		misto: 'neutral'
	}),
	urgency: word(['low', 'normal', 'high'], {
		baixa: 'low',
		media: 'normal',
		medium: 'normal',
		alta: 'high',
		urgent: 'high',
		urgente: 'high'
	}),
	language: z
		.string()
		.regex(/^[a-zA-Z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
		.catch('und'),
	temperature: word(['cold', 'warm', 'hot'], { frio: 'cold', morno: 'warm', quente: 'hot' }).catch('cold'),
	hand_over: truth,
	/** For the team, short. */
	reason: text(160).catch(''),
	confidence: z.coerce.number().min(0).max(1).catch(0),
	/** What the customer said of themselves that is to be known later; core's `learntFacts` says what of it is kept. */
	facts: z.array(text(200)).catch([])
});
export type Decision = z.infer<typeof Decision>;

export type Read = { ok: true; decision: Decision; repaired: boolean } | { ok: false; problem: string };

const LONGEST = 20_000;

/**
 * The decision in a model's answer: as JSON, or as what can be made JSON (fences, words around it, single quotes, a comma
 * too many, an end that is missing). Sentiment, urgency and hand over must be there: they are never guessed.
 */
export function readDecision(answer: string): Read {
	const whole = parse(answer);
	if (whole !== undefined) return check(whole, false);
	const open = answer.indexOf('{');
	if (open < 0) return { ok: false, problem: 'no JSON object' };
	const body = answer.slice(open, open + LONGEST);
	const close = body.lastIndexOf('}');
	// What stands behind the object is talk; where it does not end, what there is of it counts.
	for (const candidate of close > 0 ? [body.slice(0, close + 1), body] : [body]) {
		try {
			const value = parse(jsonrepair(candidate));
			if (value !== undefined) return check(value, true);
		} catch {
			// Not even with repair: the next candidate.
		}
	}
	return { ok: false, problem: 'no JSON object' };
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
	} catch {
		return undefined;
	}
}

function check(value: Record<string, unknown>, repaired: boolean): Read {
	const read = Decision.safeParse({ intent: 'other', ...value });
	if (read.success) return { ok: true, decision: read.data, repaired };
	const [issue] = read.error.issues;
	return { ok: false, problem: `${issue?.path.join('.')}: ${issue?.message}` };
}

/** What to do where a decision cannot be read: a person looks. */
export const UNREADABLE: Decision = {
	intent: 'other',
	sentiment: 'neutral',
	urgency: 'normal',
	language: 'und',
	temperature: 'cold',
	hand_over: true,
	reason: 'A resposta do modelo não pôde ser lida.',
	confidence: 0,
	facts: []
};
