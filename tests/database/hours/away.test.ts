import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';

const database = useDatabase();
const padaria = uuid('padaria');
const ALWAYS = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [['00:00', '24:00']]]));
const AWAY = 'Estamos fechados. Voltamos logo!';

const save = (hours: Record<string, unknown>) =>
	database.as('ana', (sql) => sql`select public.save_business_hours(${padaria}, null, ${sql.json(hours as never)})`);

async function writesAgain(phone: string, text: string): Promise<void> {
	await receive(database.door, [delivery([textFrom(phone, text)])]);
}

/** Does what the worker does with the job that waits for a conversation, if there is one. */
async function tell(id: string): Promise<string | null> {
	const jobs = await database.owner`select from graphile_worker.jobs where key = ${`away:${id}`}`;
	if (jobs.length === 0) return null;
	const [row] = await database.worker<{ id: string | null }[]>`select private.tell_away(${id}) as id`;
	await database.owner`select graphile_worker.remove_job(${`away:${id}`})`;
	return row?.id ?? null;
}

const said = async (id: string) =>
	(
		await database.owner<{ body: string; author: string; status: string }[]>`
			select body, author, status from public.messages where conversation_id = ${id} and direction = 'out' and author = 'system' and not is_private`
	).map((row) => ({ ...row }));

const rowOf = async (id: string) => {
	const [row] = await database.owner<
		{
			waiting_since: string | null;
			unread_count: number;
			preview: string;
			sla_due_at: string | null;
			first_reply_at: string | null;
		}[]
	>`select waiting_since, unread_count, preview, sla_due_at, first_reply_at from public.conversations where id = ${id}`;
	if (!row) throw new Error('no conversation');
	return row;
};

test('whoever writes outside the hours is told once an absence, and goes on waiting', async () => {
	await save({ week: {}, away_enabled: true, away_message: AWAY });
	const { id, phone } = await customerWrites(database, 'Tem bolo?');
	expect(await tell(id)).not.toBeNull();
	expect(await said(id)).toEqual([{ body: AWAY, author: 'system', status: 'queued' }]);
	expect(await rowOf(id)).toMatchObject({ unread_count: 1, preview: AWAY });
	expect((await rowOf(id)).waiting_since).not.toBeNull();

	await writesAgain(phone, 'Alô?');
	expect(await tell(id)).toBeNull();
	// Somebody answers from home; the absence is the same.
	await answer(database, 'ana', id, 'Só amanhã.');
	await writesAgain(phone, 'Está bem');
	expect(await tell(id)).toBeNull();
	expect(await said(id)).toHaveLength(1);
});

test('told twice by a job that runs twice, it is said once', async () => {
	const { id } = await customerWrites(database);
	const tellings = await Promise.all(
		[1, 2, 3].map(() => database.worker<{ id: string | null }[]>`select private.tell_away(${id}) as id`)
	);
	expect(tellings.filter(([row]) => row?.id)).toHaveLength(1);
	expect(await said(id)).toHaveLength(1);
});

test('nothing is said where somebody has answered before the job ran', async () => {
	const { id } = await customerWrites(database);
	await answer(database, 'ana', id);
	expect(await tell(id)).toBeNull();
	expect(await said(id)).toEqual([]);
});

test('within the hours nobody is told, and a schedule that closes later is seen with the next message', async () => {
	await save({ week: ALWAYS });
	const { id, phone } = await customerWrites(database);
	expect(await tell(id)).toBeNull();
	await save({ week: {} });
	await database.owner`update public.conversations set away_check_at = now() - interval '1 second' where id = ${id}`;
	await writesAgain(phone, 'Ainda aí?');
	expect(await tell(id)).not.toBeNull();
	await save({ away_enabled: false });
});

test('a wait falls due by the promise, its end clears it, and the next wait has the other promise', async () => {
	await save({ week: ALWAYS, first_reply_minutes: 10, next_reply_minutes: 60 });
	const { id, phone } = await customerWrites(database);
	const minutes = async () => {
		const [row] = await database.owner<{ minutes: string | null }[]>`
			select extract(epoch from sla_due_at - waiting_since)::int / 60 as minutes from public.conversations where id = ${id}`;
		return row?.minutes;
	};
	expect(await minutes()).toBe(10);
	await answer(database, 'ana', id);
	expect(await rowOf(id)).toMatchObject({ sla_due_at: null, first_reply_at: expect.anything() });
	await writesAgain(phone, 'E a conta?');
	expect(await minutes()).toBe(60);
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
	expect((await rowOf(id)).sla_due_at).toBeNull();
});

test('a conversation that is closed unanswered was never answered', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
	expect((await rowOf(id)).first_reply_at).toBeNull();
});
