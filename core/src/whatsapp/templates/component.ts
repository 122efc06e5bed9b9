import { z } from 'zod';

/*
 * A template as Meta's list gives it and as it is submitted. Loose: what this version does not know is kept, and sent
 * back as it was.
 */

export const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const;
export type Category = (typeof CATEGORIES)[number];

export const PARAMETER_FORMATS = ['POSITIONAL', 'NAMED'] as const;
export type ParameterFormat = (typeof PARAMETER_FORMATS)[number];

export const HEADER_FORMATS = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'] as const;
export type HeaderFormat = (typeof HEADER_FORMATS)[number];
export type MediaFormat = Exclude<HeaderFormat, 'TEXT' | 'LOCATION'>;

const NamedExample = z.looseObject({ param_name: z.string(), example: z.string() });

const Header = z.looseObject({
	type: z.literal('HEADER'),
	format: z.enum(HEADER_FORMATS).default('TEXT'),
	text: z.string().optional(),
	example: z
		.looseObject({
			header_text: z.array(z.string()).optional(),
			header_text_named_params: z.array(NamedExample).optional(),
			header_handle: z.array(z.string()).optional()
		})
		.optional()
});

const Body = z.looseObject({
	type: z.literal('BODY'),
	text: z.string().optional(),
	add_security_recommendation: z.boolean().optional(),
	example: z
		.looseObject({
			body_text: z.array(z.array(z.string())).optional(),
			body_text_named_params: z.array(NamedExample).optional()
		})
		.optional()
});

const Footer = z.looseObject({
	type: z.literal('FOOTER'),
	text: z.string().optional(),
	code_expiration_minutes: z.number().optional()
});

export const BUTTON_TYPES = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'OTP', 'FLOW', 'CATALOG'] as const;

const Button = z.looseObject({
	/** Meta adds kinds: an unknown one is shown by its text. */
	type: z.string(),
	text: z.string().optional(),
	url: z.string().optional(),
	phone_number: z.string().optional(),
	otp_type: z.string().optional(),
	example: z.union([z.string(), z.array(z.string())]).optional()
});

const Buttons = z.looseObject({ type: z.literal('BUTTONS'), buttons: z.array(Button) });

const Offer = z.looseObject({
	type: z.literal('LIMITED_TIME_OFFER'),
	limited_time_offer: z.looseObject({ text: z.string().optional(), has_expiration: z.boolean().optional() })
});

const Card = z.looseObject({ components: z.array(z.discriminatedUnion('type', [Header, Body, Buttons])) });
const Carousel = z.looseObject({ type: z.literal('CAROUSEL'), cards: z.array(Card) });

export const TemplateComponent = z.discriminatedUnion('type', [Header, Body, Footer, Buttons, Offer, Carousel]);

export type TemplateComponent = z.infer<typeof TemplateComponent>;
export type HeaderComponent = z.infer<typeof Header>;
export type BodyComponent = z.infer<typeof Body>;
export type FooterComponent = z.infer<typeof Footer>;
export type TemplateButton = z.infer<typeof Button>;
export type TemplateCard = z.infer<typeof Card>;

/** What a template says: enough to check, fill and draw it. */
export interface TemplateText {
	parameter_format: ParameterFormat;
	components: readonly TemplateComponent[];
}

/** The components of a row or of Meta's list, in capitals or not; a kind nobody has heard of is left out. */
export function readComponents(value: unknown): TemplateComponent[] {
	if (!Array.isArray(value)) return [];
	return value.flatMap((item: unknown) => {
		const read = TemplateComponent.safeParse(capital(item));
		return read.success ? [read.data] : [];
	});
}

function capital(item: unknown): unknown {
	if (typeof item !== 'object' || item === null || !('type' in item)) return item;
	return { ...item, type: String(item.type).toUpperCase() };
}

/** The parts of a template, or of one of its cards. */
export interface Parts {
	header: HeaderComponent | null;
	body: BodyComponent | null;
	footer: FooterComponent | null;
	buttons: TemplateButton[];
	cards: TemplateCard[];
	offer: { text?: string | undefined; has_expiration?: boolean | undefined } | null;
}

export function partsOf(components: readonly TemplateComponent[]): Parts {
	const parts: Parts = { header: null, body: null, footer: null, buttons: [], cards: [], offer: null };
	for (const component of components) {
		switch (component.type) {
			case 'HEADER':
				parts.header ??= component;
				break;
			case 'BODY':
				parts.body ??= component;
				break;
			case 'FOOTER':
				parts.footer ??= component;
				break;
			case 'BUTTONS':
				if (parts.buttons.length === 0) parts.buttons = component.buttons;
				break;
			case 'CAROUSEL':
				if (parts.cards.length === 0) parts.cards = component.cards;
				break;
			case 'LIMITED_TIME_OFFER':
				parts.offer ??= component.limited_time_offer;
		}
	}
	return parts;
}
