import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../../core/src/whatsapp/events.ts';
import { parseWebhook } from '../../../core/src/whatsapp/parse.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, type Delivery } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { brokenThreads, ledgerOf } from './ledger.ts';
import { openShop, to } from './shop.ts';

/** Webhook bodies that others have published; they stay where they are. */
const FOLDER = new URL('../../../../shared/fixtures/whatsapp/inbound/', import.meta.url);
const bodies = existsSync(FOLDER)
	? readdirSync(FOLDER)
			.filter((name) => name.endsWith('.json'))
			.sort()
			.map((name) => ({ name, raw: readFileSync(new URL(name, FOLDER), 'utf8') }))
	: [];
const parsed = bodies.map(({ name, raw }) => ({ name, raw, events: parseWebhook(JSON.parse(raw)) }));

/** The same order for the same seed, in every run. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
	let state = seed;
	const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
	const rest = [...items];
	return items.map(() => rest.splice(Math.floor(next() * rest.length), 1)[0] as T);
}

describe.skipIf(bodies.length === 0)('of the published bodies', () => {
	const database = useDatabase();

	async function hand(deliveries: Delivery[], size: number): Promise<void> {
		for (let n = 0; n < deliveries.length; n += size) {
			const answers = await receive(database.door, deliveries.slice(n, n + size));
			expect(answers.map(({ failed }) => failed)).toEqual(answers.map(() => 0));
		}
	}

	const keysOf = (events: Event[]) =>
		new Set(events.flatMap((event) => (event.type === 'message' ? [event.external_id] : [])));

	async function toOneShop(
		order: typeof parsed,
		size: number
	): Promise<{ tenantId: string; ledger: Record<string, unknown[]> }> {
		const shop = await openShop(database.owner);
		await hand(
			order.map(({ events, raw }) => delivery(to(shop, events), raw)),
			size
		);
		return { tenantId: shop.tenantId, ledger: await ledgerOf(database.owner, shop.tenantId) };
	}

	test('all at one number, in any order and repeated, leave the same rows and lose nothing', async () => {
		const once = await toOneShop(parsed, 1);
		const inbound = keysOf(parsed.flatMap(({ events }) => events));
		const kept = (once.ledger.messages ?? []).map((message) =>
			(message as { id: string }).id.replace(/#[0-9a-f]{8}$/, '')
		);
		expect(new Set(kept)).toEqual(inbound);

		for (let seed = 1; seed <= 10; seed++) {
			const order = shuffled([...parsed, ...parsed], seed);
			const again = await toOneShop(order, 1 + (seed % 5));
			expect(again.ledger, `order ${seed}`).toEqual(once.ledger);
			expect(await brokenThreads(database.owner, again.tenantId)).toEqual([]);
		}
	}, 120_000);

	test('each at its own number, every message has its row and every body is kept word for word', async () => {
		const numbers = new Set(parsed.flatMap(({ events }) => events.flatMap((event) => event.phone_number_id ?? [])));
		for (const number of numbers) {
			const [channel] = await database.owner`select from public.channels where phone_number_id = ${number}`;
			if (channel) continue;
			await database.owner`
				insert into public.channels (tenant_id, type, name, phone_number_id, waba_id)
				values (${uuid('padaria')}, 'whatsapp', ${number}, ${number}, ${number})`;
		}
		await hand(
			parsed.map(({ events, raw }) => delivery(events, raw)),
			7
		);

		for (const { name, raw, events } of parsed) {
			const { sha256 } = delivery([], raw);
			const [kept] =
				await database.owner`select raw, status from public.webhook_events where sha256 = ${sha256} and channel_id is distinct from null limit 1`;
			const [unclaimed] =
				await database.owner`select raw from public.webhook_events where sha256 = ${sha256} and channel_id is null`;
			expect(kept?.raw ?? unclaimed?.raw, name).toBe(raw);
			for (const id of keysOf(events)) {
				const rows =
					await database.owner`select from public.messages where external_id = ${id} or external_id like ${`${id}#%`}`;
				expect(rows.length, `${name} ${id}`).toBeGreaterThan(0);
			}
		}
	});
});

beforeAll(() => {
	if (bodies.length === 0) console.log('No published bodies beside this project: skipped.');
});
