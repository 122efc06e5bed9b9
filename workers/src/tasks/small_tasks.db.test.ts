import type { JobHelpers, Task } from 'graphile-worker';
import { expect, test } from 'vitest';
import { useDatabase } from '../../../tests/database/database.ts';
import { uuid } from '../../../tests/database/people.ts';
import { answer, customerWrites } from '../../../tests/database/threads.ts';
import { awayTell } from './away__tell.ts';
import { conversationsWake, conversationWake } from './conversation__wake.ts';
import { promisesTell } from './promises__tell.ts';
import { tagRetire } from './tag__retire.ts';

const database = useDatabase();
const padaria = uuid('padaria');
const warned: string[] = [];
const helpers = { logger: { warn: (text: string) => void warned.push(text) } } as unknown as JobHelpers;
/** Runs a task twice, as a crash between its work and its end would. */
async function twice(task: Task, payload: unknown): Promise<void> {
	await task(payload, helpers);
	await task(payload, helpers);
}
const rowOf = async (id: string) => {
	const [row] = await database.owner`select folder, tag_ids, waiting_since from public.conversations where id = ${id}`;
	return row;
};

test('conversation__wake brings a snoozed conversation back, tells of it once, and leaves one that was snoozed anew', async () => {
	const wake = conversationWake({ db: database.worker });
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('ana')})`);
	await database.as('ana', (sql) => sql`select public.snooze_conversation(${id}, now() + interval '1 hour')`);
	await wake({ conversation_id: id }, helpers);
	expect(await rowOf(id)).toMatchObject({ folder: 'snoozed' });
	await database.owner`update public.conversations set snoozed_until = now() - interval '1 second' where id = ${id}`;
	await twice(wake, { conversation_id: id });
	expect(await rowOf(id)).toMatchObject({ folder: 'open', waiting_since: expect.anything() });
	expect(
		await database.owner`select count from public.notifications where conversation_id = ${id} and type = 'snooze_over'`
	).toEqual([{ count: 1 }]);
});

test('conversations__wake finds what slept past its time, and says so', async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set snoozed_until = now() - interval '1 minute' where id = ${id}`;
	await twice(conversationsWake({ db: database.worker }), {});
	expect(await rowOf(id)).toMatchObject({ folder: 'open' });
	expect(warned).toEqual(['1 conversations had slept past their time']);
});

test('tag__retire takes a tag off everything, puts another in its place, and runs twice without harm', async () => {
	const [one, two] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color, position)
		values (${padaria}, 'Velha', 'red', 1), (${padaria}, 'Nova', 'blue', 2) returning id`;
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set tag_ids = ${[one?.id ?? '']}::uuid[] where id = ${id}`;
	await twice(tagRetire({ db: database.worker }), { tenant_id: padaria, tag_id: one?.id, into_id: two?.id });
	expect(await rowOf(id)).toMatchObject({ tag_ids: [two?.id] });
	await twice(tagRetire({ db: database.worker }), { tenant_id: padaria, tag_id: two?.id });
	expect(await rowOf(id)).toMatchObject({ tag_ids: [] });
});

test('away__tell says once that nobody is there, and nothing to who was answered', async () => {
	await database.as(
		'ana',
		(sql) =>
			sql`select public.save_business_hours(${padaria}, null, ${sql.json({ week: {}, away_enabled: true, away_message: 'Voltamos logo' })})`
	);
	const { id } = await customerWrites(database);
	await twice(awayTell({ db: database.worker }), { conversation_id: id });
	const said = () => database.owner`
		select body from public.messages where conversation_id = ${id} and author = 'system' and not is_private`;
	expect(await said()).toEqual([{ body: 'Voltamos logo' }]);
	const other = await customerWrites(database);
	await answer(database, 'ana', other.id);
	await awayTell({ db: database.worker })({ conversation_id: other.id }, helpers);
	expect(
		await database.owner`select from public.messages where conversation_id = ${other.id} and author = 'system' and not is_private`
	).toHaveLength(0);
});

test('promises__tell tells of what is due once, and takes it back once it is answered', async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set assignee_id = ${uuid('caio')} where id = ${id}`;
	await database.owner`update public.conversations set sla_due_at = now() - interval '1 second' where id = ${id}`;
	await twice(promisesTell({ db: database.worker }), {});
	const told = () => database.owner`
		select count, read_at is not null as read from public.notifications where conversation_id = ${id} and type = 'sla_due'`;
	expect(await told()).toEqual([{ count: 1, read: false }]);
	await answer(database, 'ana', id);
	await twice(promisesTell({ db: database.worker }), {});
	expect(await told()).toEqual([{ count: 1, read: true }]);
});

test('a payload that cannot be read is given up, not tried for ever', async () => {
	warned.length = 0;
	await conversationWake({ db: database.worker })({ conversation_id: 'nonsense' }, helpers);
	expect(warned[0]).toContain('can’t be read'.replace('’', "'"));
});
