import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { toldOf } from './stage.ts';

const database = useDatabase();
const padaria = uuid('padaria');
const ALWAYS = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [['00:00', '24:00']]]));

const save = (hours: Record<string, unknown>) =>
	database.as(
		'sofia',
		(sql) => sql`select public.save_business_hours(${padaria}, null, ${sql.json({ week: ALWAYS, ...hours } as never)})`
	);

/** A customer waits, and their promise falls due in so many seconds. */
async function waits(
	seconds: number,
	{ assignee = null as null | 'caio' | 'duda', team = false } = {}
): Promise<string> {
	const { id } = await customerWrites(database);
	await database.owner`
		update public.conversations
		set
			assignee_id = ${assignee && uuid(assignee)},
			team_id = ${team ? uuid('padaria team') : null}
		where id = ${id}`;
	await database.owner`
		update public.conversations set sla_due_at = now() + make_interval(secs => ${seconds}) where id = ${id}`;
	return id;
}

async function tell(): Promise<number> {
	await database.worker`select private.settle_promises()`;
	const [row] = await database.worker<{ told: number }[]>`select private.tell_promises() as told`;
	return row?.told ?? 0;
}

/** Who was told of a promise, at which stage. */
const told = async (id: string) =>
	(
		await database.owner<{ user_id: string; stage: string; read: boolean }[]>`
			select user_id, detail ->> 'stage' as stage, read_at is not null as read
			from public.notifications where conversation_id = ${id} and type = 'sla_due' order by user_id`
	).map((row) => ({ ...row }));

test('whoever has a conversation is told when its promise falls due: not before, and once', async () => {
	await save({ first_reply_minutes: 10, next_reply_minutes: 10 });
	const early = await waits(30, { assignee: 'caio' });
	const late = await waits(-1, { assignee: 'caio' });
	expect(await tell()).toBe(1);
	expect(await told(early)).toEqual([]);
	await database.as('ana', (sql) => sql`select public.close_conversation(${early})`);
	expect(await told(late)).toEqual([{ user_id: uuid('caio'), stage: 'due', read: false }]);
	expect(await tell()).toBe(0);
	expect((await toldOf(database.owner, 'caio', late)).find(({ type }) => type === 'sla_due')?.count).toBe(1);
});

test('the look comes again to the second for what falls due within the minute', async () => {
	const id = await waits(20, { assignee: 'caio' });
	await tell();
	const [job] = await database.owner<{ exact: boolean }[]>`
		select j.run_at = (select min(c.sla_due_at) from public.conversations c where c.folder = 'open' and c.sla_due_at > now()) as exact
		from graphile_worker.jobs j where j.key = 'promises__tell'`;
	expect(job).toEqual({ exact: true });
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
});

test('ten looks at once tell once', async () => {
	const id = await waits(-1, { assignee: 'caio' });
	const looks = await Promise.all(
		Array.from({ length: 10 }, () => database.worker<{ told: number }[]>`select private.tell_promises() as told`)
	);
	expect(looks.reduce((sum, [row]) => sum + (row?.told ?? 0), 0)).toBe(1);
	expect(await told(id)).toHaveLength(1);
});

test('of what nobody has its team is told, and without a team those who hand out conversations', async () => {
	const ofTeam = await waits(-1, { team: true });
	const nobodys = await waits(-1);
	await tell();
	expect((await told(ofTeam)).map(({ user_id }) => user_id)).toEqual([uuid('duda')]);
	expect((await told(nobodys)).map(({ user_id }) => user_id).sort()).toEqual([uuid('ana'), uuid('sofia')].sort());
});

test('what was answered, closed, marked as spam or snoozed before is told to nobody', async () => {
	const ids = [];
	for (const act of [
		(id: string) => answer(database, 'ana', id),
		(id: string) => database.as('ana', (sql) => sql`select public.close_conversation(${id})`),
		(id: string) => database.as('ana', (sql) => sql`select public.mark_spam(${id}, true)`),
		(id: string) => database.as('ana', (sql) => sql`select public.snooze_conversation(${id}, 'infinity')`)
	]) {
		const id = await waits(-1, { assignee: 'caio' });
		await act(id);
		ids.push(id);
	}
	expect(await tell()).toBe(0);
	for (const id of ids) expect(await told(id)).toEqual([]);
});

test('an answer that is on its way goes first: the look passes it by, and finds it kept', async () => {
	const id = await waits(-1, { assignee: 'caio' });
	await database.owner.begin(async (sql) => {
		await sql`update public.conversations set waiting_since = null, first_reply_at = now() where id = ${id}`;
		expect(await tell()).toBe(0);
	});
	expect(await tell()).toBe(0);
	expect(await told(id)).toEqual([]);
});

test('a warning comes first where the schedule says so, and then the promise itself, in one line of the bell', async () => {
	await save({ warning_minutes: 5 });
	const id = await waits(240, { assignee: 'caio' });
	const later = await waits(400, { assignee: 'caio' });
	expect(await tell()).toBe(1);
	expect(await told(id)).toEqual([{ user_id: uuid('caio'), stage: 'warning', read: false }]);
	expect(await told(later)).toEqual([]);
	// Four minutes later.
	await database.owner`
		with due as (
			update public.conversations set sla_due_at = now() - interval '1 second' where id = ${id} returning sla_due_at
		)
		update private.promise_alerts set due_at = due.sla_due_at from due where conversation_id = ${id}`;
	await tell();
	expect(await told(id)).toEqual([{ user_id: uuid('caio'), stage: 'due', read: false }]);
	await save({ warning_minutes: null });
});

test('once answered nobody need read of it, and the next promise is told anew', async () => {
	const id = await waits(-1, { team: true });
	await tell();
	expect((await told(id)).map(({ read }) => read)).toEqual([false]);
	await answer(database, 'ana', id);
	await tell();
	expect((await told(id)).map(({ read }) => read)).toEqual([true]);
	await database.owner`update public.conversations set waiting_since = now() where id = ${id}`;
	await database.owner`update public.conversations set sla_due_at = now() - interval '1 second' where id = ${id}`;
	expect(await tell()).toBe(1);
	expect((await told(id)).map(({ read }) => read).sort()).toEqual([false, true]);
});

test('the look reads what falls due from an index, and never the conversations', async () => {
	const plan = await database.owner.begin(async (sql) => {
		await sql`set local enable_seqscan = off`;
		return sql`explain (costs off)
			select c.id
			from public.tenants t
			cross join lateral (
				select c.id
				from public.conversations c
				where c.tenant_id = t.id and c.folder = 'open'
					and c.sla_due_at > now() - interval '1 day' and c.sla_due_at <= now()
				order by c.sla_due_at
			) c`;
	});
	expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('conversations_due_idx');
});
