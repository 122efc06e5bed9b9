import { afterEach, beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../database/database.ts';
import { uuid } from '../database/people.ts';
import { queueLoad } from '../outbox_load.ts';
import { startReceiver, type Arrival, type Receiver } from './receiver.ts';
import { Workers } from './workers.ts';

const database = useDatabase();
const channelId = uuid('padaria channel');

let receiver: Receiver;
let workers: Workers;

beforeEach(async () => {
	receiver = await startReceiver();
	workers = new Workers(database, receiver.url);
});

afterEach(async () => {
	await workers.stop();
	receiver.stop();
	await database.owner`delete from private.channel_secrets`;
});

/** The most messages that arrived in any one second. */
function fullestSecond(arrivals: Arrival[]): number {
	const times = arrivals.map(({ at }) => at).sort((one, other) => one - other);
	let first = 0;
	let most = 0;
	for (const [last, at] of times.entries()) {
		while ((times[first] ?? 0) <= at - 1_000) first++;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

/** Messages a second from the first arrival to the last. */
function rateOf(arrivals: Arrival[]): number {
	const times = arrivals.map(({ at }) => at);
	return (arrivals.length - 1) / ((Math.max(...times) - Math.min(...times)) / 1_000);
}

test.each([
	[400, 20_000],
	[80, 1_200]
])(
	'at %i a second, %i messages leave through three workers with no second above the limit, and nearly all of it used',
	async (limit, count) => {
		await database.owner`update public.channels set messages_per_second = ${limit} where id = ${channelId}`;
		await workers.giveToken(channelId);
		await Promise.all([workers.start(), workers.start(), workers.start()]);
		await queueLoad(database.owner, { channelId, name: `limit${limit}`, conversations: count / 5, each: 5 });
		await expect.poll(() => receiver.count(), { timeout: 80_000, interval: 500 }).toBe(count);

		const arrivals = await receiver.arrivals();
		expect(new Set(arrivals.map(({ opaque }) => opaque)).size).toBe(count);
		expect(fullestSecond(arrivals)).toBeLessThanOrEqual(limit);
		expect(rateOf(arrivals)).toBeGreaterThanOrEqual(0.95 * limit);
		const byPerson = Map.groupBy(arrivals, ({ to }) => to);
		for (const sent of byPerson.values()) expect(sent.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
	},
	120_000
);
