import { field, id, object, text, word, type Rule } from '../rule.ts';
import { SECTIONS_MAX, sectionTitle } from './list.ts';
import { bodyField, footerField, HEADER_MAX, type Body, type TextHeader } from './parts.ts';

/** …/whatsapp/catalogs/sell-products-and-services/share-products: up to 30 products in up to 10 sections. */
export const PRODUCTS_MAX = 30;

export interface Product {
	type: 'product';
	body?: Body | null;
	footer?: Body | null;
	action: { catalog_id: string; product_retailer_id: string };
}

export interface ProductList {
	type: 'product_list';
	/** Text, and required. */
	header: TextHeader;
	body: Body;
	footer?: Body | null;
	action: {
		catalog_id: string;
		sections: { title?: string | null; product_items: { product_retailer_id: string }[] }[];
	};
}

export interface Catalog {
	type: 'catalog_message';
	body: Body;
	footer?: Body | null;
	action: {
		name: 'catalog_message';
		parameters?: { thumbnail_product_retailer_id: string } | null;
	};
}

const catalogId = field('catalog_id', id(), 'product_missing');

export const PRODUCT_RULE: Rule = object([
	field('type', word('product')),
	bodyField(undefined, false),
	footerField,
	field('action', object([catalogId, field('product_retailer_id', id(), 'product_missing')]), 'product_missing')
]);

const section = object([
	sectionTitle,
	field(
		'product_items',
		{
			is: 'list',
			min: 1,
			max: PRODUCTS_MAX,
			few: 'product_missing',
			many: 'products_too_many',
			of: object([field('product_retailer_id', id(), 'product_missing')])
		},
		'product_missing'
	)
]);

export const PRODUCT_LIST_RULE: Rule = object([
	field('type', word('product_list')),
	field(
		'header',
		object([
			field('type', word('text'), 'header_empty'),
			field('text', text(HEADER_MAX, 'header_too_long', 'header_empty'), 'header_empty')
		]),
		'header_empty'
	),
	bodyField(),
	footerField,
	field(
		'action',
		object(
			[
				catalogId,
				field(
					'sections',
					{ is: 'list', min: 1, max: SECTIONS_MAX, few: 'sections_missing', many: 'sections_too_many', of: section },
					'sections_missing'
				)
			],
			{
				sections: {
					items: 'product_items',
					max: PRODUCTS_MAX,
					many: 'products_too_many',
					id: 'product_retailer_id',
					repeated: 'products_repeated',
					untitled: 'section_title_missing'
				}
			}
		),
		'product_missing'
	)
]);

export const CATALOG_RULE: Rule = object([
	field('type', word('catalog_message')),
	bodyField(),
	footerField,
	field(
		'action',
		object([
			field('name', word('catalog_message'), 'field_missing'),
			field('parameters', object([field('thumbnail_product_retailer_id', id(), 'product_missing')]))
		]),
		'field_missing'
	)
]);
