import { graphSentence } from '@prosa/core/whatsapp/graph_errors.ts';
import type { Locale } from '@prosa/core/locale.ts';
import type { SendError } from '#lib/database.ts';

/** Why the provider refused a message, in the person's language. */
export function explainSendError(error: SendError | null, locale: Locale): string {
	return graphSentence(Number(error?.code), locale);
}
