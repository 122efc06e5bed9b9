import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';

const database = useDatabase();

/** A body of so many messages for a number nobody has connected, and how long it takes to keep it. */
async function keep(messages: number): Promise<number> {
	const events = Array.from({ length: messages }, (_, n) => ({
		...textFrom(`55119${String(n).padStart(8, '0')}`, `Mensagem ${n}`),
		phone_number_id: '999999',
		waba_id: '9999999'
	}));
	const body = delivery(events);
	const began = performance.now();
	expect(await receive(database.door, [body])).toEqual([{ stored: messages, duplicate: 0, failed: 0 }]);
	return performance.now() - began;
}

test('a body of thousands of messages is kept in a time that grows with its size, not with its square', async () => {
	await keep(10);
	const [small, large] = [await keep(600), await keep(6_000)];
	expect(large).toBeLessThan(Math.max(2_000, 30 * small));
});
