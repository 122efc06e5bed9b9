import { m } from '../paraglide/messages.js';
import type { Usage } from './queries.ts';

/** How much hangs on a tag, in words. */
export function usageText({ conversations, contacts }: Usage): string {
	if (conversations + contacts === 0) return m.tags_unused();
	return [
		...(conversations > 0 ? [m.tags_conversations({ count: conversations })] : []),
		...(contacts > 0 ? [m.tags_contacts({ count: contacts })] : [])
	].join(' · ');
}
