import { field, object, text, word, type Rule } from './rule.ts';

/** Body up to 4,096 characters: developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages */
export const TEXT_MAX = 4_096;

export interface OutgoingText {
	kind: 'text';
	text: string;
	/** Whether the customer's app shows a preview of the first link; what holds no link is sent without. */
	preview_url?: boolean | null;
}

export const TEXT_RULE: Rule = object([
	field('kind', word('text')),
	field('text', text(TEXT_MAX, 'text_too_long', 'text_empty'), 'text_empty'),
	field('preview_url', { is: 'boolean' })
]);

/**
 * Whether a text holds a link WhatsApp previews. "URLs must begin with http:// or https://", says the page on text
 * messages.
 */
export const holdsLink = (text: string): boolean => /https?:\/\/[^\s/]/i.test(text);
