import { address, field, object, word, type Rule } from '../rule.ts';
import { buttonTitle } from './buttons.ts';
import { bodyField, footerField, headerField, type Body, type Header } from './parts.ts';

/** A button that opens a page: …/whatsapp/messages/interactive-cta-url-messages */
export interface CtaUrl {
	type: 'cta_url';
	header?: Header | null;
	body: Body;
	footer?: Body | null;
	action: { name: 'cta_url'; parameters: { display_text: string; url: string } };
}

export const ctaParameters = object([
	field('display_text', buttonTitle, 'button_title_empty'),
	field('url', address(), 'link_invalid')
]);

export const CTA_URL_RULE: Rule = object([
	field('type', word('cta_url')),
	headerField,
	bodyField(),
	footerField,
	field(
		'action',
		object([field('name', word('cta_url'), 'field_missing'), field('parameters', ctaParameters, 'field_missing')]),
		'field_missing'
	)
]);
