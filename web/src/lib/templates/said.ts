import { m } from '#lib/paraglide/messages.js';

type Tone = 'neutral' | 'jade' | 'amber' | 'red' | 'blue';

const states: Record<string, { label: () => string; tone: Tone }> = {
	DRAFT: { label: m.template_status_draft, tone: 'neutral' },
	PENDING: { label: m.template_status_pending, tone: 'blue' },
	IN_APPEAL: { label: m.template_status_in_appeal, tone: 'blue' },
	APPROVED: { label: m.template_status_approved, tone: 'jade' },
	REJECTED: { label: m.template_status_rejected, tone: 'red' },
	PAUSED: { label: m.template_status_paused, tone: 'amber' },
	DISABLED: { label: m.template_status_disabled, tone: 'red' },
	ARCHIVED: { label: m.template_status_archived, tone: 'neutral' },
	PENDING_DELETION: { label: m.template_status_deleting, tone: 'neutral' },
	DELETED: { label: m.template_status_deleted, tone: 'neutral' },
	FLAGGED: { label: m.template_status_flagged, tone: 'amber' },
	REINSTATED: { label: m.template_status_reinstated, tone: 'jade' }
};

/** How a state of Meta's reads, and in which tone; one it has invented since, in its own word. */
export function stateOf(status: string): { label: string; tone: Tone } {
	const known = states[status];
	return known ? { label: known.label(), tone: known.tone } : { label: status.toLowerCase(), tone: 'neutral' };
}

/** Every state one may look for. */
export const filterStates = ['DRAFT', 'PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED'] as const;

const helps: Record<string, () => string> = {
	MARKETING: m.template_category_marketing_help,
	UTILITY: m.template_category_utility_help,
	AUTHENTICATION: m.template_category_authentication_help
};
export const categoryHelp = (category: string): string => helps[category]?.() ?? '';

const qualities: Record<string, { label: () => string; dot: string }> = {
	GREEN: { label: m.template_quality_green, dot: 'bg-whatsapp' },
	YELLOW: { label: m.template_quality_yellow, dot: 'bg-amber' },
	RED: { label: m.template_quality_red, dot: 'bg-red' },
	UNKNOWN: { label: m.template_quality_unknown, dot: 'bg-line-strong' }
};
export function qualityOf(quality: string): { label: string; dot: string } {
	const known = qualities[quality] ?? { label: m.template_quality_unknown, dot: 'bg-line-strong' };
	return { label: known.label(), dot: known.dot };
}

/** `pt_BR` → português (Brasil). */
export function languageName(language: string, locale: string): string {
	try {
		return new Intl.DisplayNames([locale], { type: 'language' }).of(language.replace('_', '-')) ?? language;
	} catch {
		return language;
	}
}

/** What Meta offers that Brazilian companies write in; any other code can be typed. */
export const languages = ['pt_BR', 'pt_PT', 'en_US', 'en', 'es', 'es_AR', 'es_MX', 'fr', 'it', 'de'];
