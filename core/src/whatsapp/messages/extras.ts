import type { Extras } from '../content.ts';
import { fieldsOf, textOf, type Fields } from '../json.ts';

/** What any message may carry beside its content: forwarded, the ad it came from, the product it asks about, the group. */
export function extrasOf(message: Fields): Extras {
	const extras: Extras = {};
	const context = fieldsOf(message.context);
	if (context?.forwarded === true) extras.forwarded = true;
	if (context?.frequently_forwarded === true) extras.frequently_forwarded = true;
	const product = fieldsOf(context?.referred_product);
	if (product) {
		const { catalog_id, product_retailer_id } = product;
		extras.referred_product = { catalog_id: textOf(catalog_id), product_retailer_id: textOf(product_retailer_id) };
	}
	const referral = fieldsOf(message.referral);
	if (referral) extras.referral = referral;
	const group = textOf(message.group_id);
	if (group !== null) extras.group_id = group;
	return extras;
}
