import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid, type Person } from '../people.ts';
import { arrangeConversation, arrangeDevice, notify, pushJobs } from './stage.ts';

const database = useDatabase();

interface Claimed {
	id: number;
	type: string;
	contact: string | null;
	preview: string | null;
	endpoint: string;
}

const claim = async (person: Person, conversation: string | null): Promise<Claimed[]> => {
	const [row] = await database.worker<{ pushes: Claimed[] }[]>`
		select private.claim_pushes(${uuid('padaria')}, ${uuid(person)}, ${conversation}) as pushes`;
	return row?.pushes ?? [];
};

/** A customer writes: what receiving does to the row. */
const write = (conversation: string) => database.owner`
	update public.conversations
	set unread_count = unread_count + 1, last_seq = last_seq + 1, preview = 'Onde está meu bolo?', preview_direction = 'in'
	where id = ${conversation}`;

test('a conversation that turns unread is pushed once to each device of whoever has it, however many messages come', async () => {
	const id = await arrangeConversation(database.owner, { name: 'Maria', assignee: 'caio' });
	await arrangeDevice(database.owner, 'caio', 'padaria', 'phone');
	await arrangeDevice(database.owner, 'caio', 'padaria', 'laptop');
	for (let i = 0; i < 3; i++) await write(id);
	expect(await claim('caio', id)).toMatchObject([{ type: 'message', contact: 'Maria' }, { type: 'message' }]);
	expect(await pushJobs(database.owner)).toEqual([`push:${uuid('caio')}:${id}`]);
});

test('nothing is pushed to whoever has no device, nor of nobody’s conversations', async () => {
	for (const assignee of ['duda', null] as const) {
		const id = await arrangeConversation(database.owner, { name: `silent ${assignee}`, assignee });
		await write(id);
		expect(await database.owner`select from private.pushes where conversation_id = ${id}`).toHaveLength(0);
	}
});

test('a mention in a conversation that has just turned unread is one push, and says that it is a mention', async () => {
	await arrangeDevice(database.owner, 'sofia');
	const id = await arrangeConversation(database.owner, { name: 'both', assignee: 'sofia' });
	await write(id);
	await notify(database.owner, ['sofia'], 'mentioned', id);
	expect((await claim('sofia', id)).map(({ type }) => type)).toEqual(['mentioned']);
});

test('the text is pushed only where the company allows it, and no name where it forbids that', async () => {
	await arrangeDevice(database.owner, 'ana');
	const id = await arrangeConversation(database.owner, { name: 'Joana', assignee: 'ana' });
	await write(id);
	for (const [shows, contact, preview] of [
		['name', 'Joana', null],
		['text', 'Joana', 'Onde está meu bolo?'],
		['nothing', null, null]
	] as const) {
		await database.as(
			'ana',
			(sql) => sql`update public.tenants set push_shows = ${shows} where id = ${uuid('padaria')}`
		);
		expect(await claim('ana', id)).toMatchObject([{ contact, preview }]);
	}
	await database.owner`update public.tenants set push_shows = 'name'`;
});

test('what was read meanwhile, or belongs to somebody else by now, is not pushed', async () => {
	await arrangeDevice(database.owner, 'duda');
	const [read, lost] = [
		await arrangeConversation(database.owner, { name: 'read', assignee: 'duda' }),
		await arrangeConversation(database.owner, { name: 'lost', assignee: 'duda' })
	];
	await write(read);
	await write(lost);
	await database.as('duda', (sql) => sql`select public.mark_read(${read}, 1)`);
	await database.owner`update public.conversations set assignee_id = ${uuid('sofia')} where id = ${lost}`;
	expect(await claim('duda', read)).toEqual([]);
	expect(await claim('duda', lost)).toEqual([]);
});

test('in quiet hours nothing is pushed', async () => {
	await arrangeDevice(database.owner, 'vera');
	await database.as(
		'vera',
		(sql) => sql`select public.save_notification_settings(${uuid('padaria')}, '{"quiet_days": [0, 1, 2, 3, 4, 5, 6]}')`
	);
	const id = await arrangeConversation(database.owner, { name: 'quiet' });
	await notify(database.owner, ['vera'], 'mentioned', id);
	expect(await claim('vera', id)).toEqual([]);
});

test('a device belongs to whoever used it last', async () => {
	const save = (person: Person) =>
		database.as(
			person,
			(sql) => sql`
				select public.save_push_device(${uuid('padaria')}, 'https://push.test/shared', ${'B'.repeat(87)}, ${'B'.repeat(22)}, 'Chrome')`
		);
	await save('caio');
	await save('duda');
	const rows = await database.owner<{ user_id: string }[]>`
		select user_id from private.push_subscriptions where endpoint = 'https://push.test/shared'`;
	expect(rows).toEqual([{ user_id: uuid('duda') }]);
	await expect(
		database.as('duda', (sql) => sql`select public.save_push_device(${uuid('padaria')}, 'ftp://x', 'a', 'b', '')`)
	).rejects.toThrow('push_subscription_invalid');
});

test('a person sees their devices without the address that wakes them, and takes away only their own', async () => {
	const mine = await arrangeDevice(database.owner, 'sofia', 'padaria', 'old phone');
	const devices = await database.as('sofia', (sql) => sql`select * from public.my_push_devices(${uuid('padaria')})`);
	expect(devices.map(({ label }) => label)).toContain('old phone');
	expect(JSON.stringify(devices)).not.toContain('https://');
	const forget = (person: Person) =>
		database.as(person, (sql) => sql`select public.forget_push_device(${uuid('padaria')}, ${mine})`);
	const there = () => database.owner`select from private.push_subscriptions where id = ${mine}`;
	await forget('ana');
	expect(await there()).toHaveLength(1);
	await forget('sofia');
	expect(await there()).toHaveLength(0);
	await expect(
		database.as('sofia', (sql) => sql`select public.test_push(${uuid('padaria')}, ${mine})`)
	).rejects.toThrow('push_device_not_found');
});

test('a device that is gone is forgotten, one that refuses ten times too, and a busy service is asked again later', async () => {
	const id = await arrangeConversation(database.owner, { name: 'settled', assignee: 'gabi', company: 'oficina' });
	const device = await arrangeDevice(database.owner, 'gabi', 'oficina');
	const there = () => database.owner`select from private.push_subscriptions where id = ${device}`;
	const pushOnce = async (outcome: string, retryAt: string | null = null) => {
		await notify(database.owner, ['gabi'], 'mentioned', id);
		const [push] = await database.owner<
			{ id: string }[]
		>`select id from private.pushes where subscription_id = ${device}`;
		await database.worker`select private.settle_push(${push?.id ?? 0}, ${outcome}, ${retryAt})`;
	};
	await pushOnce('later', new Date(Date.now() + 60_000).toISOString());
	expect(await database.owner`select attempts from private.pushes where subscription_id = ${device}`).toEqual([
		{ attempts: 1 }
	]);
	await pushOnce('sent');
	expect(await database.owner`select from private.pushes where subscription_id = ${device}`).toHaveLength(0);
	for (let i = 0; i < 9; i++) await pushOnce('refused');
	expect(await there()).toHaveLength(1);
	await pushOnce('refused');
	expect(await there()).toHaveLength(0);

	await arrangeDevice(database.owner, 'silvia', 'oficina');
	await notify(database.owner, ['silvia'], 'mentioned', id);
	const [push] = await database.owner<{ id: string; subscription_id: string }[]>`
		select id, subscription_id from private.pushes where user_id = ${uuid('silvia')}`;
	await database.worker`select private.settle_push(${push?.id ?? 0}, 'gone')`;
	expect(await database.owner`select from private.push_subscriptions where user_id = ${uuid('silvia')}`).toHaveLength(
		0
	);
});

test('quiet hours end where they say, over midnight and over a free day too', async () => {
	const quiet = async (settings: object, at: string) => {
		await database.as(
			'edu',
			(sql) =>
				sql`select public.save_notification_settings(${uuid('oficina')}, ${JSON.stringify({ timezone: 'America/Sao_Paulo', ...settings })}::text::jsonb)`
		);
		const [row] = await database.owner<{ until: Date | null }[]>`
			select private.quiet_until(${uuid('oficina')}, ${uuid('edu')}, ${at}) as until`;
		return row?.until?.toISOString() ?? null;
	};
	// 2026-11-20 is a Friday; São Paulo is three hours behind.
	const night = { quiet_from: '22:00', quiet_until: '07:00', quiet_days: [] };
	expect(await quiet(night, '2026-11-20T15:00:00Z')).toBeNull();
	expect(await quiet(night, '2026-11-21T02:00:00Z')).toBe('2026-11-21T10:00:00.000Z');
	expect(await quiet({ ...night, quiet_days: [0, 6] }, '2026-11-21T02:00:00Z')).toBe('2026-11-23T10:00:00.000Z');
	const lunch = { quiet_from: '12:00', quiet_until: '13:00', quiet_days: [] };
	expect(await quiet(lunch, '2026-11-20T15:30:00Z')).toBe('2026-11-20T16:00:00.000Z');
	expect(await quiet(lunch, '2026-11-20T16:00:00Z')).toBeNull();
	expect(
		await quiet({ quiet_from: null, quiet_until: null, quiet_days: [0, 1, 2, 3, 4, 5, 6] }, '2026-11-20T15:00:00Z')
	).not.toBeNull();
});

test('settings out of reason are refused', async () => {
	const save = (changes: object) =>
		database.as(
			'edu',
			(sql) =>
				sql`select public.save_notification_settings(${uuid('oficina')}, ${JSON.stringify(changes)}::text::jsonb)`
		);
	for (const changes of [
		{ volume: 101 },
		{ volume: 'loud' },
		{ volume: null },
		{ sound: 'siren' },
		{ quiet_from: '25:00' },
		{ quiet_from: '10:00', quiet_until: null },
		{ quiet_days: [9] },
		{ timezone: 'America/Nowhere' },
		{ digest: 'weekly' }
	])
		await expect(save(changes), JSON.stringify(changes)).rejects.toThrow('notification_settings_invalid');
	await expect(
		database.as('edu', (sql) => sql`select public.save_notification_settings(${uuid('padaria')}, '{}')`)
	).rejects.toThrow('tenant_not_found');
});
