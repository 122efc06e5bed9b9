import { randomUUID } from 'node:crypto';
import type { Event } from '../../../core/src/whatsapp/events.ts';
import type { Sql } from '../database.ts';

/** A company of its own with one number, so that many runs share a database and never meet. */
export interface Shop {
	tenantId: string;
	channelId: string;
	number: string;
}

let opened = 0;

export async function openShop(owner: Sql): Promise<Shop> {
	const shop = { tenantId: randomUUID(), channelId: randomUUID(), number: String(700_000_000_000 + ++opened) };
	await owner`insert into public.tenants (id, name, slug) values (${shop.tenantId}, 'Loja', ${`loja-${opened}`})`;
	await owner`
		insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id)
		values (${shop.channelId}, ${shop.tenantId}, 'whatsapp', 'Loja', ${shop.number}, ${`${shop.number}9`})`;
	return shop;
}

/** The same events, sent to this shop's number. */
export function to(shop: Shop, events: readonly Event[]): Event[] {
	return events.map((event) => ({
		...event,
		phone_number_id: event.phone_number_id === null ? null : shop.number,
		waba_id: `${shop.number}9`
	}));
}
