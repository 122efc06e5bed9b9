import { z } from 'zod';
import { fold } from '../text/fold.ts';
import type { Inbound } from './answers/read.ts';
import { findsPattern, isPattern } from './pattern.ts';

const Uuid = z.guid();

/** What starts a flow. The first three and the ad are asked of each message, the others of what happens. */
export const Trigger = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('keyword'),
		words: z.array(z.string().trim().min(1).max(100)).min(1).max(50),
		match: z.enum(['whole', 'begins', 'contains']).default('whole')
	}),
	z.strictObject({
		type: z.literal('pattern'),
		pattern: z.string().min(1).max(500).refine(isPattern, 'pattern_invalid')
	}),
	z.strictObject({ type: z.literal('first_message') }),
	z.strictObject({ type: z.literal('outside_hours') }),
	/** Ads by their ids; none: any. */
	z.strictObject({ type: z.literal('ad'), ads: z.array(z.string().min(1).max(100)).max(50).default([]) }),
	z.strictObject({ type: z.literal('tag'), tags: z.array(Uuid).min(1).max(20) }),
	z.strictObject({ type: z.literal('event'), event: z.string().regex(/^[a-z][a-z0-9_.]{0,59}$/) }),
	z.strictObject({
		type: z.literal('schedule'),
		/** By the tenant's clock. */
		at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
		/** Sunday 0 to Saturday 6. */
		days: z.array(z.int().min(0).max(6)).min(1).max(7),
		/** Only the conversations with one of these tags. */
		tags: z.array(Uuid).min(1).max(20)
	})
]);
export type Trigger = z.infer<typeof Trigger>;

/** Those that a message can set off. */
export const MESSAGE_TRIGGERS = ['keyword', 'pattern', 'first_message', 'outside_hours', 'ad'] as const;

export interface Arrival {
	message: Inbound;
	/** Nothing of the customer stands before it in the conversation. */
	is_first: boolean;
	/** The id of the ad it came from, '' where the ad has none; null: from no ad. */
	ad: string | null;
	/** Whether the doors are open. */
	open: boolean;
}

/** Words that were said outright go before what holds for any message. */
const RANK: Record<Trigger['type'], number> = {
	keyword: 0,
	pattern: 1,
	ad: 2,
	outside_hours: 3,
	first_message: 4,
	tag: 9,
	event: 9,
	schedule: 9
};

/** The trigger that a message sets off, the most particular first, then in their order; null: none. */
export function triggeredBy<One extends { trigger: Trigger }>(triggers: readonly One[], arrival: Arrival): One | null {
	let best: One | null = null;
	for (const one of triggers) {
		if (best !== null && RANK[one.trigger.type] >= RANK[best.trigger.type]) continue;
		if (isSetOff(one.trigger, arrival)) best = one;
	}
	return best;
}

export function isSetOff(trigger: Trigger, { message, is_first, ad, open }: Arrival): boolean {
	switch (trigger.type) {
		case 'keyword': {
			const said = worded(message.text);
			return trigger.words.map(worded).some((word) => {
				if (word === '') return false;
				if (trigger.match === 'whole') return said === word;
				return trigger.match === 'begins' ? ` ${said} `.startsWith(` ${word} `) : ` ${said} `.includes(` ${word} `);
			});
		}
		case 'pattern':
			return findsPattern(trigger.pattern, message.text);
		case 'first_message':
			return is_first;
		case 'outside_hours':
			return !open;
		case 'ad':
			return ad !== null && (trigger.ads.length === 0 || trigger.ads.includes(ad));
		default:
			return false;
	}
}

/** Words alone: no accents, capitals or signs. */
const worded = (text: string): string =>
	fold(text)
		.replace(/[^\p{L}\p{N}]+/gu, ' ')
		.trim();
