import type { Locale } from '@prosa/core/locale.ts';
import { contentFaults, type OutgoingContent } from '@prosa/core/whatsapp/outgoing/content.ts';
import { faultSentence, isFaultCode } from '@prosa/core/whatsapp/outgoing/faults.ts';
import { MEDIA_LIMITS } from '@prosa/core/whatsapp/outgoing/media.ts';

/**
 * The sentence for the detail of `content_invalid`, which names the fault; the number in it comes from the same rules,
 * asked about the same content. Null where the detail names no fault we know.
 */
export function contentFault(detail: string, content: OutgoingContent | null, locale: Locale): string | null {
	if (!isFaultCode(detail)) return null;
	const same = contentFaults(content).find(({ code }) => code === detail);
	const largest = detail === 'media_too_large' && content && content.kind in MEDIA_LIMITS ? content.kind : null;
	const limit = same?.limit ?? (largest ? MEDIA_LIMITS[largest as keyof typeof MEDIA_LIMITS].max : undefined);
	return faultSentence({ code: detail, ...(limit === undefined ? {} : { limit }) }, locale);
}
