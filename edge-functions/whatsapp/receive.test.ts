import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Delivery } from './delivery.ts';
import { receiveAll, type Received } from './receive.ts';

const STORED: Received = { stored: 1, duplicate: 0, failed: 0 };

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const delivery = (name: string): Delivery => ({
	json: JSON.stringify({ name }),
	bare: (error) => JSON.stringify({ name, error })
});
const failure = (code: string) => Object.assign(new Error(`failed with ${code}`), { code });
const named = (deliveries: string) => JSON.parse(deliveries) as { name: string; error?: string }[];

/** A database that takes everything but a poisonous delivery, unless that comes without its events. */
function database(poison: string, code = '22P02') {
	const calls: string[][] = [];
	return {
		calls,
		async call(deliveries: string): Promise<Received[]> {
			const items = named(deliveries);
			calls.push(items.map(({ name, error }) => (error ? `${name}: ${error}` : name)));
			if (items.some(({ name, error }) => name === poison && !error)) throw failure(code);
			return items.map(() => STORED);
		}
	};
}

test('one poisonous delivery does not take the others down, and is itself kept raw', async () => {
	const { call, calls } = database('c');
	const results = await receiveAll(call, ['a', 'b', 'c', 'd', 'e'].map(delivery));
	expect(results).toEqual(results.map(() => ({ status: 'fulfilled', value: STORED })));
	expect(calls).toContainEqual(['c: receive_failed 22P02: failed with 22P02']);
	expect(calls).toContainEqual(['a', 'b']);
	expect(calls).toContainEqual(['d', 'e']);
});

test('a deadlock is tried again', async () => {
	let tries = 0;
	const results = await receiveAll(async () => {
		if (++tries < 3) throw failure('40P01');
		return [STORED];
	}, [delivery('a')]);
	expect([tries, results]).toEqual([3, [{ status: 'fulfilled', value: STORED }]]);
});

test('a database that is away, or has no such function, is nobody’s fault: all come again', async () => {
	for (const code of ['ECONNREFUSED', '42883', '42501', '53300', 'CONNECT_TIMEOUT']) {
		let calls = 0;
		const results = await receiveAll(async () => {
			calls++;
			throw failure(code);
		}, ['a', 'b'].map(delivery));
		expect([code, calls, results.map(({ status }) => status)]).toEqual([code, 1, ['rejected', 'rejected']]);
	}
});

test('an answer for another number of deliveries is believed for none', async () => {
	const results = await receiveAll(async () => [STORED], ['a', 'b'].map(delivery));
	expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
