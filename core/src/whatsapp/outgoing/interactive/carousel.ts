import { field, object, text, word, type Rule } from '../rule.ts';
import { BUTTONS_MAX, replyButton, type ReplyButton } from './buttons.ts';
import { ctaParameters } from './cta_url.ts';
import { bodyField, fileHeader, type Body, type HeaderFile } from './parts.ts';

/** Cards side by side, each with a picture or film: …/whatsapp/messages/interactive-media-carousel-messages */
export const CARDS_MIN = 2;
export const CARDS_MAX = 10;
export const CARD_BODY_MAX = 160;

interface CardBase {
	card_index: number;
	header: { type: 'image'; image: HeaderFile } | { type: 'video'; video: HeaderFile };
	body?: Body | null;
}

export type Card =
	| (CardBase & {
			type: 'cta_url';
			action: { name: 'cta_url'; parameters: { display_text: string; url: string } };
	  })
	| (CardBase & { type: 'quick_reply'; action: { buttons: CardButton[] } });

/** Named as on a template's card, with what a reply button holds. */
export interface CardButton {
	type: 'quick_reply';
	quick_reply: ReplyButton['reply'];
}

export interface Carousel {
	type: 'carousel';
	body: Body;
	action: { cards: Card[] };
}

const header = field(
	'header',
	{ is: 'variant', by: 'type', of: { image: fileHeader('image'), video: fileHeader('video') } },
	'media_missing'
);
const body = field('body', object([field('text', text(CARD_BODY_MAX, 'body_too_long', 'body_empty'), 'body_empty')]));
const index = field('card_index', { is: 'index' }, 'field_missing');

const reply = replyButton.fields.find(({ name }) => name === 'reply');

const card: Rule = {
	is: 'variant',
	by: 'type',
	of: {
		cta_url: object([
			field('type', word('cta_url')),
			index,
			header,
			body,
			field(
				'action',
				object([field('name', word('cta_url'), 'field_missing'), field('parameters', ctaParameters, 'field_missing')]),
				'buttons_missing'
			)
		]),
		quick_reply: object([
			field('type', word('quick_reply')),
			index,
			header,
			body,
			field(
				'action',
				object([
					field(
						'buttons',
						{
							is: 'list',
							min: 1,
							max: BUTTONS_MAX,
							few: 'buttons_missing',
							many: 'buttons_too_many',
							of: object([field('type', word('quick_reply')), ...(reply ? [{ ...reply, name: 'quick_reply' }] : [])]),
							differ: [
								{ at: ['quick_reply', 'id'], fault: 'buttons_repeated' },
								{ at: ['quick_reply', 'title'], fault: 'buttons_repeated' }
							]
						},
						'buttons_missing'
					)
				]),
				'buttons_missing'
			)
		])
	}
};

export const CAROUSEL_RULE: Rule = object([
	field('type', word('carousel')),
	bodyField(),
	field(
		'action',
		object(
			[
				field(
					'cards',
					{ is: 'list', min: CARDS_MIN, max: CARDS_MAX, few: 'cards_too_few', many: 'cards_too_many', of: card },
					'cards_too_few'
				)
			],
			{ alike: { cards: 'cards', fault: 'cards_differ' } }
		),
		'cards_too_few'
	)
]);
