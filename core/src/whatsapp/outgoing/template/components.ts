import { LOCATION_RULE } from '../location.ts';
import { field, id, object, text, word, type ListRule, type ObjectRule, type Rule } from '../rule.ts';
import {
	currencyParameter,
	dateParameter,
	fileParameter,
	parameter,
	PARAMETER_MAX,
	textParameter,
	ttl,
	type TemplateParameter
} from './parameters.ts';

const SUB_TYPES = ['quick_reply', 'url', 'copy_code', 'flow', 'catalog', 'mpm', 'spm', 'voice_call'] as const;

/** As the Graph API takes them: …/whatsapp/messages/template-messages */
export type TemplateComponent =
	| { type: 'header' | 'body' | 'limited_time_offer'; parameters?: TemplateParameter[] | null }
	| {
			type: 'button';
			sub_type: (typeof SUB_TYPES)[number];
			index: number | string;
			parameters?: TemplateParameter[] | null;
	  }
	| { type: 'carousel'; cards: { card_index: number; components: TemplateComponent[] }[] };

const listOf = (of: Rule, max: number): ListRule => ({
	is: 'list',
	min: 0,
	max,
	few: 'value_invalid',
	many: 'template_components_too_many',
	of
});

const oneOf = (of: Record<string, Rule>): Rule => ({ is: 'variant', by: 'type', of });

const component = (type: string, parameters: Rule): ObjectRule =>
	object([field('type', word(type)), field('parameters', parameters)]);

const placeFields = (LOCATION_RULE as ObjectRule).fields.filter((part) => part.name !== 'kind');
const retailer = object([
	field('product_retailer_id', id(), 'product_missing'),
	field('catalog_id', id(), 'product_missing')
]);

const header = component(
	'header',
	listOf(
		oneOf({
			text: textParameter,
			image: fileParameter('image'),
			video: fileParameter('video'),
			document: fileParameter('document'),
			location: parameter('location', object(placeFields)),
			product: parameter('product', retailer)
		}),
		1
	)
);

const body = component(
	'body',
	listOf(oneOf({ text: textParameter, currency: currencyParameter, date_time: dateParameter }), 100)
);

/** What a button needs is told by its kind, which the synced template knows: here only its shape is held to. */
const button = object([
	field('type', word('button')),
	field('sub_type', word(...SUB_TYPES), 'field_missing'),
	field('index', { is: 'index' }, 'field_missing'),
	field(
		'parameters',
		listOf(
			oneOf({
				text: textParameter,
				payload: parameter('payload', text(PARAMETER_MAX, 'template_parameter_too_long')),
				coupon_code: parameter('coupon_code', text(PARAMETER_MAX, 'template_parameter_too_long')),
				action: parameter('action', { is: 'data', fault: 'template_parameter_empty' })
			}),
			1
		)
	)
]);

const offer = component(
	'limited_time_offer',
	listOf(
		oneOf({
			limited_time_offer: parameter(
				'limited_time_offer',
				object([field('expiration_time_ms', ttl, 'template_parameter_empty')])
			)
		}),
		1
	)
);

const card = object([
	field('card_index', { is: 'index' }, 'field_missing'),
	field('components', listOf(oneOf({ header, body, button }), 12), 'field_missing')
]);

const carousel = object([
	field('type', word('carousel')),
	field(
		'cards',
		{ is: 'list', min: 1, max: 10, few: 'cards_too_few', many: 'cards_too_many', of: card },
		'cards_too_few'
	)
]);

export const componentsRule: Rule = listOf(oneOf({ header, body, button, limited_time_offer: offer, carousel }), 14);
