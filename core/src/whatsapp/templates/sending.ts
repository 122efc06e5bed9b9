import { z } from 'zod';

/* What fills a template when it is sent: `template.components` of a message, as the Graph API takes them. */

export const Parameter = z.looseObject({
	type: z.string().optional(),
	text: z.unknown().optional(),
	parameter_name: z.string().optional(),
	payload: z.unknown().optional(),
	coupon_code: z.unknown().optional()
});
export type Parameter = z.infer<typeof Parameter>;

export const SentComponent = z.looseObject({
	type: z.string(),
	sub_type: z.string().optional(),
	index: z.union([z.string(), z.number()]).optional(),
	parameters: z.array(Parameter).optional(),
	cards: z
		.array(
			z.looseObject({
				card_index: z.union([z.string(), z.number()]).optional(),
				components: z.array(z.unknown()).optional()
			})
		)
		.optional()
});
export type SentComponent = z.infer<typeof SentComponent>;

/** A file for a header: of Meta's, by an address Meta fetches, or uploaded to our storage (a Graph id by the time it is sent). */
export interface HeaderFile {
	id?: string;
	link?: string;
	path?: string;
	mime_type?: string;
	size?: number;
	filename?: string;
}

const SENT = ['header', 'body', 'button', 'carousel', 'limited_time_offer'];

/** The components of a send by kind; null where they are no list of such. */
export interface Sent {
	header: Parameter[];
	body: Parameter[];
	buttons: SentComponent[];
	cards: NonNullable<SentComponent['cards']>;
	offer: Parameter[];
}

export function readSent(value: unknown): Sent | null {
	const list = z.array(SentComponent).safeParse(value ?? []);
	if (!list.success) return null;
	const sent: Sent = { header: [], body: [], buttons: [], cards: [], offer: [] };
	const seen = new Set<string>();
	for (const component of list.data) {
		const type = component.type.toLowerCase();
		if (!SENT.includes(type) || (type !== 'button' && seen.has(type))) return null;
		seen.add(type);
		if (type === 'header') sent.header = component.parameters ?? [];
		else if (type === 'body') sent.body = component.parameters ?? [];
		else if (type === 'button') sent.buttons.push(component);
		else if (type === 'carousel') sent.cards = component.cards ?? [];
		else sent.offer = component.parameters ?? [];
	}
	return sent;
}
