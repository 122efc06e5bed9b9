import { createECDH } from 'node:crypto';
import type { JobHelpers } from 'graphile-worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPushService, type SimulatedDevice } from '../../../simulators/push/service.ts';
import { createPushClient, outcomeOf } from '../../../workers/src/push/client.ts';
import { pushSend } from '../../../workers/src/tasks/push__send.ts';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { arrangeConversation, notify } from './stage.ts';

const database = useDatabase();
const pair = createECDH('prime256v1');
pair.generateKeys();
const publicKey = pair.getPublicKey('base64url', 'uncompressed');
const privateKey = Buffer.from(pair.getPrivateKey('hex').padStart(64, '0'), 'hex').toString('base64url');

let service: Awaited<ReturnType<typeof startPushService>>;
beforeAll(async () => void (service = await startPushService()));
afterAll(() => service.stop());

/** A person turns pushes on in a browser. */
async function subscribe(person: Person): Promise<SimulatedDevice> {
	const device = service.subscribe(publicKey);
	await database.as(
		person,
		(sql) => sql`
			select public.save_push_device(${uuid('padaria')}, ${device.endpoint}, ${device.p256dh}, ${device.auth}, 'Chrome · Windows')`
	);
	return device;
}

const helpers = { logger: { warn: () => {} } } as unknown as JobHelpers;

/** Does the push job of a conversation, as the worker would. */
async function push(person: Person, conversation: string | null, services = [service.origin]): Promise<void> {
	const client = createPushClient({ publicKey, privateKey, subject: 'mailto:suporte@prosa.test' });
	await pushSend({ db: database.worker, push: client, pushServices: services })(
		{ tenant_id: uuid('padaria'), user_id: uuid(person), conversation_id: conversation },
		helpers
	);
}

const waiting = (device: SimulatedDevice) => database.owner<{ attempts: number; late: boolean }[]>`
	select p.attempts, p.due_at > now() + interval '6 seconds' as late
	from private.pushes p
	join private.push_subscriptions s on s.id = p.subscription_id
	where s.endpoint = ${device.endpoint}`;
const known = (device: SimulatedDevice) =>
	database.owner`select last_sent_at from private.push_subscriptions where endpoint = ${device.endpoint}`;

test('an assignment reaches a device: encrypted for it, signed by us, without a word of the customer’s', async () => {
	const device = await subscribe('caio');
	const id = await arrangeConversation(database.owner, { name: 'Maria' });
	await database.owner`update public.conversations set preview = 'Segredo', preview_direction = 'in' where id = ${id}`;
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await push('caio', id);
	expect(device.faults).toEqual([]);
	expect(device.arrived).toEqual([
		{
			payload: { title: 'Maria', body: 'Conversa atribuída a você', tag: id, url: `/padaria/inbox/${id}` },
			ttl: 14_400,
			topic: expect.stringMatching(/^[\w-]{32}$/),
			urgency: 'high'
		}
	]);
	expect(JSON.stringify(device.arrived)).not.toContain('Segredo');
	expect(await waiting(device)).toEqual([]);
	await push('caio', id);
	expect(device.arrived, 'a job that runs twice pushes once').toHaveLength(1);
});

test('a push is in the language its reader last used', async () => {
	const device = await subscribe('duda');
	await database.as('duda', (sql) => sql`select public.i_am_here(${uuid('padaria')}, 'en')`);
	const id = await arrangeConversation(database.owner, { name: 'John', assignee: 'duda' });
	await notify(database.owner, ['duda'], 'mentioned', id);
	await push('duda', id);
	expect(device.arrived[0]?.payload).toMatchObject({ body: 'Somebody mentioned you' });
});

test('a device that is gone is asked once and forgotten', async () => {
	for (const mood of ['gone', 'missing'] as const) {
		const device = await subscribe('ana');
		device.mood = mood;
		const id = await arrangeConversation(database.owner, { name: mood, assignee: 'ana' });
		await notify(database.owner, ['ana'], 'mentioned', id);
		await push('ana', id);
		expect([device.asked, await known(device)], mood).toEqual([1, []]);
	}
});

test('a busy service is asked again when it says, and the push arrives then', async () => {
	const device = await subscribe('sofia');
	device.mood = 'busy';
	const id = await arrangeConversation(database.owner, { name: 'busy', assignee: 'sofia' });
	await notify(database.owner, ['sofia'], 'mentioned', id);
	await push('sofia', id);
	expect(await waiting(device)).toEqual([{ attempts: 1, late: true }]);
	const jobs = await database.owner`
		select from graphile_worker.jobs where key = ${`push:${uuid('sofia')}:${id}`} and run_at > now() + interval '6 seconds'`;
	expect(jobs).toHaveLength(1);

	await push('sofia', id);
	expect(device.asked, 'not before its time').toBe(1);
	device.mood = 'good';
	await database.owner`update private.pushes set due_at = now()`;
	await push('sofia', id);
	expect(device.arrived).toHaveLength(1);
	expect(await known(device)).toEqual([{ last_sent_at: expect.any(Date) }]);
});

test('one device of two that is away does not repeat the push on the other', async () => {
	const [good, broken] = [await subscribe('vera'), await subscribe('vera')];
	broken.mood = 'broken';
	const id = await arrangeConversation(database.owner, { name: 'two' });
	await notify(database.owner, ['vera'], 'mentioned', id);
	await push('vera', id);
	await database.owner`update private.pushes set due_at = now()`;
	broken.mood = 'good';
	await push('vera', id);
	expect([good.arrived.length, broken.arrived.length]).toEqual([1, 1]);
});

test('an address that is no push service’s is never called', async () => {
	const device = await subscribe('caio');
	await database.as('caio', async (sql) => {
		const [own] = await sql<{ id: string }[]>`select id from public.my_push_devices(${uuid('padaria')}) limit 1`;
		await sql`select public.test_push(${uuid('padaria')}, ${own?.id ?? ''})`;
	});
	await push('caio', null, []);
	expect(device.asked).toBe(0);
});

test('a test push says so, and leads to the settings', async () => {
	const device = await subscribe('sofia');
	const [own] = await database.owner<{ id: string }[]>`
		select id from private.push_subscriptions where endpoint = ${device.endpoint}`;
	await database.as('sofia', (sql) => sql`select public.test_push(${uuid('padaria')}, ${own?.id ?? ''})`);
	await push('sofia', null);
	expect(device.arrived[0]?.payload).toMatchObject({ tag: 'test', url: '/padaria/settings/notifications' });
});

test('what a push service answers is understood, and a wait it asks for is kept within an hour', () => {
	expect(outcomeOf(201, null, 0)).toEqual({ type: 'sent' });
	expect(outcomeOf(410, null, 0)).toEqual({ type: 'gone' });
	expect(outcomeOf(403, null, 0)).toEqual({ type: 'refused', status: 403 });
	expect(outcomeOf(429, '7', 0)).toEqual({ type: 'later', seconds: 7 });
	expect(outcomeOf(429, '999999', 0)).toEqual({ type: 'later', seconds: 3_600 });
	expect(outcomeOf(503, null, 3)).toEqual({ type: 'later', seconds: 120 });
	expect(outcomeOf(301, null, 0)).toEqual({ type: 'refused', status: 301 });
});
