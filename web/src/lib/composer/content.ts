import type { OutgoingContent } from '@prosa/core/whatsapp/outgoing/content.ts';

export type { OutgoingContent };

/** The words under a file; empty where there are none. */
export function captionOf(content: OutgoingContent): string {
	return ('caption' in content && content.caption) || '';
}
