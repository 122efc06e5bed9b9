import { DEFAULT_WAYS } from '@prosa/core/notifications/notifications.ts';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { arrangeConversation, notify, toldOf } from './stage.ts';

const database = useDatabase();

/** What was broadcast to a person since a moment, newest last. */
const heard = (person: Parameters<typeof uuid>[0], event: string) => database.owner<
	{ payload: Record<string, unknown> }[]
>`
	select payload from realtime.messages where topic = ${`user:${uuid(person)}`} and event = ${event} order by inserted_at`;

test('the screens and the database know the same types and defaults', async () => {
	const rows = await database.owner`select type, in_app, sound, push, digest from private.notification_types`;
	expect(Object.fromEntries(rows.map(({ type, ...ways }) => [type, ways]))).toEqual(DEFAULT_WAYS);
});

test('whoever is given a conversation is told, with whose it is and by whom', async () => {
	const id = await arrangeConversation(database.owner, { name: 'Maria' });
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	expect(await toldOf(database.owner, 'caio', id)).toEqual([{ type: 'assigned', count: 1, read: false }]);
	const [message] = await heard('caio', 'notification');
	expect(message?.payload).toMatchObject({
		type: 'assigned',
		conversation_id: id,
		actor_id: uuid('sofia'),
		sound: true,
		conversation: { contact: { name: 'Maria' } }
	});
});

test('who takes a conversation is not told of it', async () => {
	const id = await arrangeConversation(database.owner, { name: 'own' });
	await database.as('caio', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	expect(await toldOf(database.owner, 'caio', id)).toEqual([]);
});

test('who gets a conversation from the routing is told, also when their own closing made room for it', async () => {
	const id = await arrangeConversation(database.owner, { name: 'routed' });
	await database.owner.begin(async (sql) => {
		await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: uuid('caio') })}, true), set_config('prosa.cause', '{"type": "routing"}', true)`;
		await sql`update public.conversations set assignee_id = ${uuid('caio')} where id = ${id}`;
	});
	expect(await toldOf(database.owner, 'caio', id)).toEqual([{ type: 'assigned', count: 1, read: false }]);
});

test('who loses a conversation need not read any more that they got it', async () => {
	const id = await arrangeConversation(database.owner, { name: 'moved' });
	for (const person of ['caio', 'duda'] as const)
		await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid(person)})`);
	expect(await toldOf(database.owner, 'caio', id)).toEqual([{ type: 'assigned', count: 1, read: true }]);
	expect(await toldOf(database.owner, 'duda', id)).toEqual([{ type: 'assigned', count: 1, read: false }]);
});

test('what happens again before it is read is one notification, and a new one after', async () => {
	const id = await arrangeConversation(database.owner, { name: 'again', assignee: 'caio' });
	for (let i = 0; i < 3; i++) await notify(database.owner, ['caio'], 'mentioned', id);
	expect(await toldOf(database.owner, 'caio', id)).toContainEqual({ type: 'mentioned', count: 3, read: false });
	await database.as(
		'caio',
		(sql) => sql`select public.read_notifications(${uuid('padaria')}, conversation_id => ${id})`
	);
	await notify(database.owner, ['caio'], 'mentioned', id);
	expect((await toldOf(database.owner, 'caio', id)).filter(({ type }) => type === 'mentioned')).toEqual([
		{ type: 'mentioned', count: 3, read: true },
		{ type: 'mentioned', count: 1, read: false }
	]);
});

test('a transfer tells once, not of the assignment as well', async () => {
	const id = await arrangeConversation(database.owner, { name: 'transferred' });
	await database.owner.begin(async (sql) => {
		await sql`update public.conversations set assignee_id = ${uuid('caio')} where id = ${id}`;
		await sql`select private.notify(${uuid('padaria')}, ${[uuid('caio')]}::uuid[], 'transferred', ${id}, null, '{}')`;
	});
	expect(await toldOf(database.owner, 'caio', id)).toEqual([{ type: 'transferred', count: 1, read: false }]);
});

test('nobody is told of a conversation they do not see, nor anybody of another company', async () => {
	const id = await arrangeConversation(database.owner, { name: 'hidden', assignee: 'caio' });
	await notify(database.owner, ['duda', 'vera', 'aline', 'edu', 'bruno', 'olga', 'ana'], 'mentioned', id);
	const rows = await database.owner<{ user_id: string }[]>`
		select user_id from public.notifications where conversation_id = ${id} and type = 'mentioned'`;
	expect(rows.map(({ user_id }) => user_id).sort()).toEqual([uuid('ana'), uuid('vera')].sort());
});

test('what a person does not want by any way makes no row; what they want by mail alone does not ring', async () => {
	const id = await arrangeConversation(database.owner, { name: 'unwanted', team: true });
	const prefer = (digest: boolean) =>
		database.as(
			'duda',
			(sql) =>
				sql`select public.set_notification_preference(${uuid('padaria')}, 'participating', false, false, false, ${digest})`
		);
	await prefer(false);
	await notify(database.owner, ['duda'], 'participating', id);
	expect(await toldOf(database.owner, 'duda', id)).toEqual([]);
	await prefer(true);
	await notify(database.owner, ['duda'], 'participating', id);
	expect(await database.owner`select in_app, digest from public.notifications where conversation_id = ${id}`).toEqual([
		{ in_app: false, digest: true }
	]);
	expect((await heard('duda', 'notification')).filter(({ payload }) => payload.type === 'participating')).toEqual([]);
});

test('reading tells the other windows, and touches nobody else’s', async () => {
	const id = await arrangeConversation(database.owner, { name: 'read', team: true });
	await notify(database.owner, ['ana', 'sofia'], 'mentioned', id);
	const [count] = await database.as(
		'ana',
		(sql) => sql`select public.read_notifications(${uuid('padaria')}, conversation_id => ${id}) as count`
	);
	expect(count?.count).toBe(1);
	expect(await toldOf(database.owner, 'sofia', id)).toEqual([{ type: 'mentioned', count: 1, read: false }]);
	expect(await heard('ana', 'notifications_read')).toHaveLength(1);
});

test('a notification can be kept for later, and another’s cannot', async () => {
	const id = await arrangeConversation(database.owner, { name: 'later', team: true });
	await notify(database.owner, ['ana'], 'mentioned', id);
	const [row] = await database.owner<
		{ id: string }[]
	>`select id from public.notifications where conversation_id = ${id}`;
	const unread = (person: 'ana' | 'sofia') =>
		database.as(person, (sql) => sql`select public.unread_notification(${uuid('padaria')}, ${row?.id ?? ''})`);
	await database.as(
		'ana',
		(sql) => sql`select public.read_notifications(${uuid('padaria')}, ${[row?.id ?? '']}::uuid[])`
	);
	await unread('ana');
	expect(await toldOf(database.owner, 'ana', id)).toEqual([{ type: 'mentioned', count: 1, read: false }]);
	await expect(unread('sofia')).rejects.toThrow('notification_not_found');
});

test('a bell is read by one index, without sorting', async () => {
	const plan = await database.as('ana', async (sql) => {
		await sql`set local enable_seqscan = off`;
		return sql`explain (costs off)
			select * from public.notifications
			where tenant_id = ${uuid('padaria')} and user_id = ${uuid('ana')} and in_app
			order by created_at desc, id desc limit 30`;
	});
	const text = plan.map((line) => line['QUERY PLAN']).join('\n');
	expect(text).toContain('notifications_newest_idx');
	expect(text).not.toContain('Sort');
});
