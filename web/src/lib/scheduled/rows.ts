import type { OutgoingContent } from '@prosa/core/whatsapp/outgoing/content.ts';
import type { Database } from '../database.ts';

/** A message that waits for its time, or could not go. */
export type Scheduled = Omit<Database['public']['Tables']['scheduled_messages']['Row'], 'content'> & {
	content: OutgoingContent;
};

/** What it says, in words. */
export function wordsOf({ content }: Scheduled): string {
	return content.kind === 'text' ? content.text : '';
}
