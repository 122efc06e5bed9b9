import { field, object, word, type Rule } from '../rule.ts';
import { BUTTONS_RULE, type Buttons } from './buttons.ts';
import { CAROUSEL_RULE, type Carousel } from './carousel.ts';
import { CTA_URL_RULE, type CtaUrl } from './cta_url.ts';
import { FLOW_RULE, type Flow } from './flow.ts';
import { LIST_RULE, type List } from './list.ts';
import { LOCATION_REQUEST_RULE, type LocationRequest } from './location_request.ts';
import {
	CATALOG_RULE,
	PRODUCT_LIST_RULE,
	PRODUCT_RULE,
	type Catalog,
	type Product,
	type ProductList
} from './products.ts';

/** What the Graph API calls `interactive`, in its own shape. */
export type Interactive = Buttons | List | CtaUrl | Flow | LocationRequest | Product | ProductList | Catalog | Carousel;

export interface OutgoingInteractive {
	kind: 'interactive';
	interactive: Interactive;
}

const RULES: Record<Interactive['type'], Rule> = {
	button: BUTTONS_RULE,
	list: LIST_RULE,
	cta_url: CTA_URL_RULE,
	flow: FLOW_RULE,
	location_request_message: LOCATION_REQUEST_RULE,
	product: PRODUCT_RULE,
	product_list: PRODUCT_LIST_RULE,
	catalog_message: CATALOG_RULE,
	carousel: CAROUSEL_RULE
};

export const INTERACTIVE_RULE: Rule = object([
	field('kind', word('interactive')),
	field('interactive', { is: 'variant', by: 'type', of: RULES }, 'field_missing')
]);
