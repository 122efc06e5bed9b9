import { m } from '#lib/paraglide/messages.js';

const categories: Record<string, () => string> = {
	MARKETING: m.template_category_marketing,
	UTILITY: m.template_category_utility,
	AUTHENTICATION: m.template_category_authentication
};
export const categoryName = (category: string | null): string =>
	category ? (categories[category]?.() ?? category) : '—';
