import { expect, test } from 'vitest';
import type { Account } from '../../core/src/whatsapp/events.ts';
import { useDatabase } from './database.ts';
import { delivery, receive } from './deliveries.ts';
import { openShop, to, type Shop } from './receiving/shop.ts';

const database = useDatabase();

const notice = (field: string, at: string, payload: object): Account => ({
	type: 'account',
	phone_number_id: null,
	waba_id: '',
	field,
	payload,
	at
});

async function hand(shop: Shop, ...events: Account[]): Promise<void> {
	for (const event of events) {
		await receive(database.door, [delivery(to(shop, [event]), JSON.stringify(event))]);
	}
}

async function rowOf(id: string): Promise<Record<string, unknown>> {
	const [row] = await database.owner`
		select quality_rating, messaging_limit, messages_per_second, verified_name, status, status_detail
		from public.channels where id = ${id}`;
	return row as Record<string, unknown>;
}

const STORY = [
	notice('phone_number_quality_update', '2026-03-01T10:00:00Z', { event: 'FLAGGED', current_limit: 'TIER_1K' }),
	notice('phone_number_quality_update', '2026-03-02T10:00:00Z', { event: 'UNFLAGGED', current_limit: 'TIER_10K' }),
	notice('phone_number_quality_update', '2026-03-03T10:00:00Z', { event: 'THROUGHPUT_UPGRADE' }),
	notice('business_capability_update', '2026-03-04T10:00:00Z', { max_daily_conversations_per_business: 2000 }),
	notice('phone_number_name_update', '2026-03-02T10:00:00Z', {
		decision: 'APPROVED',
		requested_verified_name: 'Pão Quente'
	}),
	notice('phone_number_name_update', '2026-03-05T10:00:00Z', { decision: 'REJECTED', requested_verified_name: 'Outro' })
];

test('the newest notice holds, whatever order they come in and however often', async () => {
	const expected = {
		quality_rating: 'UNKNOWN',
		messaging_limit: 2000,
		messages_per_second: 1000,
		verified_name: 'Pão Quente',
		status: 'connected',
		status_detail: null
	};
	for (const order of [STORY, STORY.toReversed(), [...STORY.slice(3), ...STORY.slice(0, 3), ...STORY]]) {
		const shop = await openShop(database.owner);
		await hand(shop, ...order);
		expect(await rowOf(shop.channelId)).toEqual(expected);
	}
});

test('no limit at all is told apart from a limit that was not told', async () => {
	const shop = await openShop(database.owner);
	await hand(
		shop,
		notice('business_capability_update', '2026-03-01T10:00:00Z', { max_daily_conversations_per_business: 250 })
	);
	await hand(shop, notice('business_capability_update', '2026-03-02T10:00:00Z', { max_phone_numbers_per_waba: 25 }));
	expect(await rowOf(shop.channelId)).toMatchObject({ messaging_limit: 250 });
	await hand(
		shop,
		notice('business_capability_update', '2026-03-03T10:00:00Z', {
			max_daily_conversations_per_business: 'TIER_UNLIMITED'
		})
	);
	expect(await rowOf(shop.channelId)).toMatchObject({ messaging_limit: null });
});

test('a ban holds the outbox of every number of the account until the account is given back', async () => {
	const shop = await openShop(database.owner);
	const [second] = await database.owner`
		insert into public.channels (tenant_id, type, name, phone_number_id, waba_id)
		values (${shop.tenantId}, 'whatsapp', 'Segundo', ${`${shop.number}5`}, ${`${shop.number}9`})
		returning id`;
	const banned = notice('account_update', '2026-03-01T10:00:00Z', {
		event: 'DISABLED_UPDATE',
		ban_info: { waba_ban_state: 'DISABLE' }
	});
	await hand(shop, banned);
	for (const id of [shop.channelId, String(second?.id)]) {
		expect(await rowOf(id)).toMatchObject({
			status: 'attention',
			status_detail: { source: 'account', code: 'account_banned' }
		});
	}
	await hand(
		shop,
		notice('account_update', '2026-03-02T10:00:00Z', {
			event: 'DISABLED_UPDATE',
			ban_info: { waba_ban_state: 'REINSTATE' }
		}),
		{ ...banned, waba_id: 'delivered again' }
	);
	for (const id of [shop.channelId, String(second?.id)]) expect(await rowOf(id)).toMatchObject({ status: 'connected' });
});

test('a notice about one number of an account leaves the other alone', async () => {
	const shop = await openShop(database.owner);
	const [second] = await database.owner`
		insert into public.channels (tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
		values (${shop.tenantId}, 'whatsapp', 'Segundo', ${`${shop.number}5`}, ${`${shop.number}9`}, '+55 11 3003-0099')
		returning id`;
	await hand(
		shop,
		notice('phone_number_quality_update', '2026-03-01T10:00:00Z', {
			event: 'FLAGGED',
			display_phone_number: '551130030099'
		})
	);
	expect(await rowOf(shop.channelId)).toMatchObject({ quality_rating: null });
	expect(await rowOf(String(second?.id))).toMatchObject({ quality_rating: 'RED' });
	const events = await database.owner`select channel_id from public.channel_events where tenant_id = ${shop.tenantId}`;
	expect(events).toEqual([{ channel_id: second?.id }]);
});

test('what a person set stays when the provider only says again what it said before', async () => {
	const shop = await openShop(database.owner);
	await hand(shop, notice('phone_number_quality_update', '2026-03-01T10:00:00Z', { event: 'THROUGHPUT_UPGRADE' }));
	await database.owner`update public.channels set messages_per_second = 20 where id = ${shop.channelId}`;
	await hand(shop, notice('phone_number_quality_update', '2026-03-02T10:00:00Z', { event: 'THROUGHPUT_UPGRADE' }));
	expect(await rowOf(shop.channelId)).toMatchObject({ messages_per_second: 20 });
});
