import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { PEOPLE, uuid, type Person } from '../people.ts';
import { customerWrites } from '../threads.ts';

const database = useDatabase();
const TENANT = uuid('padaria');
const [vip, late, gone] = [uuid('vip'), uuid('late'), uuid('gone')];

beforeAll(async () => {
	for (const [id, name] of [
		[vip, 'VIP'],
		[late, 'Atrasado'],
		[gone, 'Antigo']
	] as const) {
		await database.owner`insert into public.tags (id, tenant_id, name) values (${id}, ${TENANT}, ${name})`;
	}
});

type Row = { id: string; folder: string };
const tag = (id: string, add: string[], remove: string[] = [], person: Person = 'sofia') =>
	database.as(person, (sql) => sql`select public.tag_conversation(${id}, ${add}::uuid[], ${remove}::uuid[])`);
const carry = (person: Person, tagId: string) =>
	database.as(
		person,
		(sql) =>
			sql<
				Row[]
			>`select id, folder from public.tagged_conversations(${TENANT}, ${tagId}) order by last_message_at desc, id desc`
	);
const carryAny = (person: Person, tagIds: string[]) =>
	database.as(
		person,
		(sql) =>
			sql<
				Row[]
			>`select id, folder from public.tagged_conversations_any(${TENANT}, ${tagIds}::uuid[]) order by last_message_at desc, id desc`
	);
/** The same asked of the array, which is the truth. */
const filtered = (person: Person, tagIds: string[]) =>
	database.as(
		person,
		(sql) => sql<Row[]>`
			select id, folder from public.conversations where tenant_id = ${TENANT} and tag_ids && ${tagIds}::uuid[] order by last_message_at desc, id desc`
	);

/** What stands beside the arrays is what is in them, row for row. */
async function expectInStep(): Promise<void> {
	const kept = await database.owner`
		select tenant_id, tag_id, conversation_id, folder, last_message_at::text, team_id, assignee_id
		from public.conversation_tags order by tag_id, conversation_id, folder, last_message_at`;
	const carried = await database.owner`
		select c.tenant_id, t.id as tag_id, c.id as conversation_id, c.folder, c.last_message_at::text, c.team_id, c.assignee_id
		from public.conversations c
		cross join lateral (select distinct unnest(c.tag_ids)) t (id)
		order by t.id, c.id, c.folder, c.last_message_at`;
	expect([...kept]).toEqual([...carried]);
}

test('a filter by a tag finds for everybody what the tags on each conversation say, whatever becomes of it', async () => {
	const threads: { id: string; phone: string }[] = [];
	for (let n = 0; n < 8; n++) threads.push(await customerWrites(database));
	const ids = threads.map(({ id }) => id) as [string, string, string, string, string, string, string, string];
	const steps: [string, () => Promise<unknown>][] = [
		[
			'tagged',
			async () => {
				for (const [n, id] of ids.entries()) await tag(id, n % 3 === 0 ? [vip, late] : n % 3 === 1 ? [vip] : [gone]);
			}
		],
		[
			'assigned',
			() => database.as('sofia', (sql) => sql`select public.assign_conversation(${ids[0]}, ${uuid('caio')})`)
		],
		[
			'transferred',
			() =>
				database.as(
					'sofia',
					(sql) => sql`select public.transfer_conversation(${ids[1]}, ${uuid('padaria team')}, null, '')`
				)
		],
		['untagged', () => tag(ids[3], [], [late])],
		['snoozed', () => database.as('sofia', (sql) => sql`select public.snooze_conversation(${ids[4]}, 'infinity')`)],
		['marked as spam', () => database.as('sofia', (sql) => sql`select public.mark_spam(${ids[6]}, true)`)],
		['closed', () => database.as('sofia', (sql) => sql`select public.close_conversation(${ids[7]})`)],
		[
			'written to again',
			async () => {
				for (const { phone } of threads.slice(0, 5)) await receive(database.door, [delivery([textFrom(phone, 'Oi?')])]);
			}
		],
		['all tags off', () => tag(ids[3], [], [vip])],
		[
			'a tag made part of another',
			async () => {
				await database.as('sofia', (sql) => sql`select public.delete_tag(${TENANT}, ${gone}, ${vip})`);
				await database.worker`select private.retire_tag(${TENANT}, ${gone}, ${vip})`;
			}
		],
		[
			'a conversation deleted',
			async () => {
				await database.owner`delete from public.messages where conversation_id = ${ids[6]}`;
				await database.owner`delete from public.conversations where id = ${ids[6]}`;
			}
		]
	];
	for (const [what, act] of steps) {
		await act();
		await expectInStep();
		for (const person of PEOPLE) {
			for (const tagId of [vip, late, gone]) {
				expect(await carry(person, tagId), `${what}: ${person}`).toEqual(await filtered(person, [tagId]));
			}
			expect(await carryAny(person, [vip, late]), `${what}: ${person}`).toEqual(await filtered(person, [vip, late]));
		}
	}
	expect((await carry('sofia', vip)).length).toBeGreaterThan(4);
	expect(await carry('caio', vip)).not.toEqual(await carry('sofia', vip));
	expect(await carry('bruno', vip)).toEqual([]);
	expect((await carryAny('sofia', [vip, late])).length).toBe(
		new Set((await carryAny('sofia', [vip, late])).map(({ id }) => id)).size
	);
});

test('it holds too where another trigger changes the conversation before its own turn comes', async () => {
	await database.owner.unsafe(`
		create function private.tg_meddle() returns trigger language plpgsql security definer set search_path = '' as $$
		begin
			if new.priority = 3 and old.priority <> 3 then
				update public.conversations set last_message_at = last_message_at + interval '1 hour', tag_ids = tag_ids[2:] where id = new.id;
			elsif new.priority = 4 and old.priority <> 4 then
				update public.conversations set last_message_at = last_message_at - interval '1 hour', priority = 1 where id = new.id;
			end if;
			return null;
		end; $$;
		create trigger _100_meddle after update on public.conversations for each row execute function private.tg_meddle()`);
	const { id } = await customerWrites(database);
	await tag(id, [vip, late]);
	await database.owner`update public.conversations set priority = 3, last_message_at = last_message_at + interval '1 minute' where id = ${id}`;
	await expectInStep();
	// There and back: what it leaves is where it came to.
	await database.owner`update public.conversations set priority = 4, last_message_at = last_message_at + interval '1 hour' where id = ${id}`;
	await expectInStep();
	await database.owner.unsafe('drop trigger _100_meddle on public.conversations; drop function private.tg_meddle');
});

test('one that comes with tags and goes leaves nothing behind', async () => {
	const id = randomUUID();
	await database.owner`insert into public.contacts (id, tenant_id, name) values (${id}, ${TENANT}, 'Maria')`;
	await database.owner`
		insert into public.conversations (id, tenant_id, contact_id, channel_id, tag_ids)
		values (${id}, ${TENANT}, ${id}, ${uuid('padaria channel')}, array[${vip}::uuid, ${late}::uuid])`;
	await expectInStep();
	await database.owner`delete from public.conversations where id = ${id}`;
	await expectInStep();
});
