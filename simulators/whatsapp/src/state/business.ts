import { z } from 'zod';

/** A phone number of a business on the platform, with the tokens that may act for it. */
export const businessSchema = z.strictObject({
	name: z.string().min(1),
	phone_number_id: z.string().regex(/^\d{5,20}$/, 'digits, as Meta gives out'),
	waba_id: z.string().regex(/^\d{5,20}$/, 'digits, as Meta gives out'),
	/** Digits with the country code, no plus. */
	display_phone_number: z.string().regex(/^\d{8,15}$/, 'digits with the country code'),
	tokens: z.array(z.string().min(1)).min(1),
	/** The business portfolio, whose numbers share one limit; its account where not said. */
	portfolio_id: z
		.string()
		.regex(/^\d{5,20}$/, 'digits, as Meta gives out')
		.optional(),
	/** A business with a Meta app of its own has its webhooks elsewhere and signs with another secret. */
	webhook_url: z.url().optional(),
	app_secret: z.string().min(1).optional()
});

export type Business = z.infer<typeof businessSchema>;

/** Whose numbers share a limit with this one. */
export const portfolioOf = (business: Business): string => business.portfolio_id ?? business.waba_id;

/** The two demo channels. */
export const demoBusinesses: readonly Business[] = [
	{
		name: 'Padaria Pão Quente',
		phone_number_id: '106540352242922',
		waba_id: '102290129340398',
		display_phone_number: '551130030001',
		tokens: ['demo-token-padaria']
	},
	{
		name: 'Oficina do Bruno',
		phone_number_id: '106540352242933',
		waba_id: '102290129340399',
		display_phone_number: '551130030002',
		tokens: ['demo-token-oficina']
	}
];

/** What a token may act for; empty for a token nobody gave out. */
export function businessesOf(businesses: readonly Business[], token: string | null): Business[] {
	return token === null ? [] : businesses.filter((business) => business.tokens.includes(token));
}
