import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../../../core/src/whatsapp/events.ts';
import { parseWebhook } from '../../../../core/src/whatsapp/parse.ts';
import { loadPrices } from '../../../../stack/prices/load_prices.ts';
import { useDatabase } from '../../database.ts';
import { delivery, receive, textFrom } from '../../deliveries.ts';
import { openShop, to, type Shop } from '../shop.ts';
import { EXPECTED } from './expected.ts';
import { toldRows } from './rows.ts';

/** Webhook bodies that others have published; they stay beside the checkout, and are skipped where it stands alone. */
const FOLDER = new URL('../../../../../shared/fixtures/whatsapp/inbound/', import.meta.url);

describe.skipIf(!existsSync(FOLDER))('the rows that each published body leaves', () => {
	const database = useDatabase();

	/** What a body speaks of and does not bring: the message a status, an edit or a revocation is about. */
	async function before(shop: Shop, events: Event[]): Promise<void> {
		for (const event of events) {
			if (event.type === 'status') {
				const told = { ...event, status: 'sent' as const };
				const echo = textFrom('16505550000', 'what we had sent', {
					...told,
					type: 'message',
					direction: 'out',
					author: 'agent',
					sent_at: event.at,
					opens_window: false,
					counts_unread: false
				});
				await receive(database.door, [delivery(to(shop, [echo]))]);
			}
			if (event.type === 'message' && (event.kind === 'edit' || event.kind === 'revoke')) {
				const message = event.content.kind === 'edit' ? event.content.message : null;
				const original = textFrom('16505550000', 'what it said at first', {
					identities: event.identities,
					name: event.name,
					external_id: event.target_external_id ?? '',
					sent_at: event.sent_at,
					...(message && { kind: message.kind, content: message })
				});
				await receive(database.door, [delivery(to(shop, [original]))]);
			}
		}
	}

	test('none is without an expectation', () => {
		const names = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
		expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
	});

	test.each(Object.keys(EXPECTED))('%s', async (name) => {
		await loadPrices(database.url('postgres'));
		const raw = readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');
		const shop = await openShop(database.owner);
		const events = parseWebhook(JSON.parse(raw));
		await before(shop, events);
		const delivered = delivery(to(shop, events), raw);
		const [answer] = await receive(database.door, [delivered]);
		expect(answer?.failed).toBe(0);
		const rows = await toldRows(database.owner, shop.tenantId);
		expect(rows).toEqual(EXPECTED[name]);

		// Once more, word for word: nothing moves.
		await receive(database.door, [delivered]);
		expect(await toldRows(database.owner, shop.tenantId)).toEqual(rows);
	});
});
