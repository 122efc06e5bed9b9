import { m } from '#lib/paraglide/messages.js';
import { moneyText } from '#lib/inbox/content/money.ts';

/** What something cost. A message costs fractions of a cent: small amounts keep four decimals. */
export function costText(amount: number, currency: string, locale: string): string {
	if (amount === 0 || amount >= 1) return moneyText(amount, currency, locale);
	return new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 4 }).format(amount);
}

const categories: Record<string, () => string> = {
	marketing: m.cost_category_marketing,
	utility: m.cost_category_utility,
	authentication: m.cost_category_authentication,
	authentication_international: m.cost_category_authentication_international,
	service: m.cost_category_service,
	referral_conversion: m.cost_category_referral
};

/** A category in the person's language; one the provider has invented since, in its own. */
export const categoryText = (category: string): string => categories[category]?.() ?? category;

const authors: Record<string, () => string> = {
	bot: m.cost_by_bot,
	ai: m.cost_by_ai,
	system: m.cost_by_system,
	agent: m.cost_by_phone
};

/** Who sent it where nobody is named: a bot, or the phone that shares the number. */
export const authorText = (author: string): string => authors[author]?.() ?? m.cost_by_someone();

/** Brasil, from BR; a region under its own name. */
export function countryText(country: string | null, locale: string): string {
	if (country === null || country === 'other') return m.cost_country_other();
	try {
		return new Intl.DisplayNames([locale], { type: 'region' }).of(country) ?? country;
	} catch {
		return country.replaceAll('_', ' ');
	}
}

/** novembro de 2026, from 2026-11: a month has no time zone. */
export function monthText(month: string, locale: string): string {
	return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
		new Date(`${month}-01T00:00:00Z`)
	);
}
