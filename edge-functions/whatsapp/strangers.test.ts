import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { startDoor, type RunningDoor } from './process.testing.ts';

const database = useDatabase();
let door: RunningDoor;
beforeAll(async () => {
	door = await startDoor(database.url('prosa_door'));
});
afterAll(() => door.stop());

test('strangers who knock at doors that nobody has do not hold up the webhooks of everybody else', async () => {
	const strangers: Promise<{ status: number }>[] = [];
	await database.owner.begin(async (sql) => {
		await sql`lock table private.channel_secrets in access exclusive mode`;
		for (let n = 0; n < 40; n++) strangers.push(door.get(`/whatsapp/${randomUUID()}`));
		await new Promise((done) => setTimeout(done, 300));
		const webhook = door.post(JSON.stringify({ object: 'whatsapp_business_account', entry: [] }));
		const late = new Promise((done) => setTimeout(done, 5_000, 'late'));
		expect(await Promise.race([webhook, late])).toMatchObject({ status: 200 });
	});
	expect((await Promise.all(strangers)).every(({ status }) => status === 404)).toBe(true);
});
