import { field, id, object, text, word, type Rule } from '../rule.ts';
import { bodyField, footerField, headerField, type Body, type Header } from './parts.ts';

/** …/whatsapp/messages/interactive-reply-buttons-messages */
export const BUTTONS_MAX = 3;
export const BUTTON_TITLE_MAX = 20;

export interface ReplyButton {
	type: 'reply';
	reply: { id: string; title: string };
}

export interface Buttons {
	type: 'button';
	header?: Header | null;
	body: Body;
	footer?: Body | null;
	action: { buttons: ReplyButton[] };
}

export const buttonTitle = text(BUTTON_TITLE_MAX, 'button_title_too_long', 'button_title_empty');

export const replyButton = object([
	field('type', word('reply')),
	field(
		'reply',
		object([field('id', id(), 'id_empty'), field('title', buttonTitle, 'button_title_empty')]),
		'button_title_empty'
	)
]);

/** Titles and ids must differ: Meta answers 131009 to two of one. */
export const replyButtons: Rule = {
	is: 'list',
	min: 1,
	max: BUTTONS_MAX,
	few: 'buttons_missing',
	many: 'buttons_too_many',
	of: replyButton,
	differ: [
		{ at: ['reply', 'id'], fault: 'buttons_repeated' },
		{ at: ['reply', 'title'], fault: 'buttons_repeated' }
	]
};

export const BUTTONS_RULE: Rule = object([
	field('type', word('button')),
	headerField,
	bodyField(),
	footerField,
	field('action', object([field('buttons', replyButtons, 'buttons_missing')]), 'buttons_missing')
]);
