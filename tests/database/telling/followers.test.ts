import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { toldOf } from './stage.ts';

const database = useDatabase();

const follow = (person: Person, id: string, following = true) =>
	database.as(person, (sql) => sql`select public.follow_conversation(${id}, ${uuid(person)}, ${following})`);
const writesAgain = (phone: string, text: string) => receive(database.door, [delivery([textFrom(phone, text)])]);
const readsAll = (id: string) => database.as('ana', (sql) => sql`select public.mark_read(${id}, 1000)`);
const followed = async (id: string) => {
	const [row] = await database.owner`select is_followed from public.conversations where id = ${id}`;
	return row?.is_followed as boolean;
};
const participating = async (person: Person, id: string) =>
	(await toldOf(database.owner, person, id)).filter(({ type }) => type === 'participating');

test('who follows a conversation hears that its customer has written, once until somebody has read', async () => {
	const { id, phone } = await customerWrites(database);
	await readsAll(id);
	await follow('sofia', id);
	await writesAgain(phone, 'Ainda tem bolo?');
	await writesAgain(phone, 'De milho?');
	expect(await participating('sofia', id)).toEqual([{ type: 'participating', count: 1, read: false }]);
	await readsAll(id);
	await writesAgain(phone, 'Alô?');
	expect(await participating('sofia', id)).toEqual([{ type: 'participating', count: 2, read: false }]);
});

test('whoever has it is told of it as their own, and not a second time as a follower', async () => {
	const { id, phone } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('ana')})`);
	await readsAll(id);
	await follow('ana', id);
	await writesAgain(phone, 'Oi');
	expect(await participating('ana', id)).toEqual([]);
});

test('who may not see the conversation any more is not told, nor who has stopped following', async () => {
	const { id, phone } = await customerWrites(database);
	await follow('caio', id);
	await follow('sofia', id);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('ana')})`);
	await follow('sofia', id, false);
	await readsAll(id);
	await writesAgain(phone, 'Oi');
	expect(await participating('caio', id)).toEqual([]);
	expect(await participating('sofia', id)).toEqual([]);
});

test('who wants to hear nothing of what they follow hears nothing', async () => {
	const { id, phone } = await customerWrites(database);
	await follow('sofia', id);
	await database.as(
		'sofia',
		(sql) =>
			sql`select public.set_notification_preference(${uuid('padaria')}, 'participating', false, false, false, false)`
	);
	await readsAll(id);
	await writesAgain(phone, 'Oi');
	expect(await participating('sofia', id)).toEqual([]);
});

test('a conversation knows whether anybody follows it, through coming, going and leaving the company', async () => {
	const { id } = await customerWrites(database);
	expect(await followed(id)).toBe(false);
	await follow('duda', id);
	await follow('sofia', id);
	expect(await followed(id)).toBe(true);
	await follow('sofia', id, false);
	expect(await followed(id)).toBe(true);
	await database.owner`delete from public.memberships where user_id = ${uuid('duda')}`;
	expect(await followed(id)).toBe(false);
});

test('a message in a conversation that nobody follows asks for no followers', async () => {
	const [trigger] = await database.owner<{ condition: string }[]>`
		select pg_get_triggerdef(oid) as condition from pg_trigger where tgname = '_710_tell_followers'`;
	expect(trigger?.condition).toMatch(/WHEN \(+new\.is_followed/);
});
