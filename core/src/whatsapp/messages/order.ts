import { z } from 'zod';
import type { OrderItem } from '../content.ts';
import { part } from './part.ts';
import { Amount, MaybeText, Text } from './schema.ts';

export const OrderPayload = z.object({
	catalog_id: MaybeText,
	text: MaybeText,
	product_items: z
		.array(z.object({ product_retailer_id: Text, quantity: Amount, item_price: Amount, currency: MaybeText }))
		.min(1)
});

export const order = part('order', OrderPayload, ({ catalog_id, text, product_items }) => ({
	content: { kind: 'order', catalog_id, text: text ?? '', items: product_items, ...totalOf(product_items) },
	body: text ?? ''
}));

/** Rounded to thousandths: no currency divides further, and 3 × 0.1 must not read 0.30000000000000004. */
function totalOf(items: OrderItem[]): { total: number | null; currency: string | null } {
	const currency = items[0]?.currency ?? null;
	if (items.some((item) => item.currency !== currency)) return { total: null, currency: null };
	const sum = items.reduce((total, item) => total + item.quantity * item.item_price, 0);
	return { total: Math.round(sum * 1000) / 1000, currency };
}
