import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { customerWrites, refusal } from './threads.ts';

const database = useDatabase();

interface Scheduled {
	id: string;
	client_id: string;
	status: string;
	failure: string | null;
	send_at: Date;
}

async function schedule(
	person: Person,
	conversationId: string,
	{
		clientId = randomUUID(),
		inMinutes = 60,
		unlessAnswered = false,
		content = { kind: 'text', text: 'Seu pedido saiu!' } as object
	} = {}
): Promise<Scheduled> {
	const [row] = await database.as(
		person,
		(sql) => sql<Scheduled[]>`
			select * from public.schedule_message(
				${conversationId}, ${clientId}, ${JSON.stringify(content)}::text::jsonb, now() + make_interval(mins => ${inMinutes}), ${unlessAnswered}
			)`
	);
	if (!row) throw new Error('schedule_message gave no row');
	return row;
}

const now = async (id: string) => {
	const [row] = await database.owner<Scheduled[]>`select * from public.scheduled_messages where id = ${id}`;
	return row;
};
/** Its time comes: the job runs. */
const comes = async (id: string) => {
	await database.owner`update public.scheduled_messages set send_at = now() where id = ${id}`;
	await database.worker`select private.send_scheduled_due(${id})`;
};
const messages = async (conversationId: string) =>
	(
		await database.owner<{ body: string }[]>`
			select body from public.messages where conversation_id = ${conversationId} and direction = 'out' and kind = 'text'`
	).map(({ body }) => body);
const jobs = async (id: string) =>
	database.owner`select run_at, last_error from graphile_worker.jobs where key = ${`scheduled:${id}`}`;

test('a message waits for its time, then goes once, in the name of whoever wrote it', async () => {
	const { id } = await customerWrites(database);
	const scheduled = await schedule('caio', id);
	expect([(await jobs(scheduled.id)).length, await messages(id)]).toEqual([1, []]);
	await database.worker`select private.send_scheduled_due(${scheduled.id})`;
	expect(await messages(id), 'a job that comes early').toEqual([]);
	await comes(scheduled.id);
	await comes(scheduled.id);
	expect(await messages(id)).toEqual(['Seu pedido saiu!']);
	expect((await now(scheduled.id))?.status).toBe('sent');
	const [message] =
		await database.owner`select author_id from public.messages where client_id = ${scheduled.client_id}`;
	expect(message?.['author_id']).toBe(uuid('caio'));
});

test('a click twice schedules once', async () => {
	const { id } = await customerWrites(database);
	const clientId = randomUUID();
	const [first, second] = [await schedule('caio', id, { clientId }), await schedule('caio', id, { clientId })];
	expect(second.id).toBe(first.id);
});

test('two workers that have the same job send one message', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	await database.owner`update public.scheduled_messages set send_at = now() where id = ${scheduled}`;
	await Promise.all([1, 2, 3].map(() => database.worker`select private.send_scheduled_due(${scheduled})`));
	expect(await messages(id)).toHaveLength(1);
});

test('a worker killed in the middle leaves it waiting; the next one sends it once', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	await database.owner`update public.scheduled_messages set send_at = now() where id = ${scheduled}`;
	const dying = postgres(database.url('prosa_worker'), { max: 1, onnotice: () => {} });
	const [backend] = await dying`select pg_backend_pid() as pid`;
	await dying.unsafe(`begin; select private.send_scheduled_due('${scheduled}')`);
	// The process dies before its transaction is committed.
	await database.owner`select pg_terminate_backend(${backend?.['pid']})`;
	await dying.end({ timeout: 1 });
	expect([(await now(scheduled))?.status, await messages(id)]).toEqual(['scheduled', []]);
	await database.worker`select private.send_scheduled_due(${scheduled})`;
	await database.worker`select private.send_scheduled_due(${scheduled})`;
	expect([(await now(scheduled))?.status, (await messages(id)).length]).toEqual(['sent', 1]);
});

test('one whose own job was lost goes a minute late', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	await database.owner`select graphile_worker.remove_job(${`scheduled:${scheduled}`})`;
	await database.owner`update public.scheduled_messages set send_at = now() - interval '2 minutes' where id = ${scheduled}`;
	await database.worker`select private.send_scheduled_due()`;
	expect(await messages(id)).toHaveLength(1);
});

test.each([
	[
		'the window has closed',
		'window_closed',
		(id: string) => database.owner`update public.conversations set window_expires_at = now() where id = ${id}`
	],
	[
		'the conversation was closed',
		'conversation_closed',
		(id: string) => database.as('ana', (sql) => sql`select public.close_conversation(${id})`)
	],
	[
		'its author no longer has the conversation',
		'conversation_not_found',
		(id: string) => database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`)
	]
])('where %s, it stays with the reason, its author is told, and nothing is lost', async (_what, reason, happen) => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	await happen(id);
	await comes(scheduled);
	expect(await now(scheduled)).toMatchObject({ status: 'failed', failure: reason });
	expect(await messages(id)).toEqual([]);
	const told = await database.owner<{ detail: { failure: string } }[]>`
		select detail from public.notifications where user_id = ${uuid('caio')} and conversation_id = ${id} and type = 'rule'`;
	// Who can't see the conversation any more is told nothing of it.
	expect(told.map(({ detail }) => detail.failure)).toEqual(reason === 'conversation_not_found' ? [] : [reason]);
});

test('what could not go is changed to another time, and goes then', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
	await comes(scheduled);
	await database.as('ana', (sql) => sql`select public.reopen_conversation(${id})`);
	await database.as(
		'caio',
		(sql) =>
			sql`select public.change_scheduled_message(${scheduled}, '{"kind": "text", "text": "Agora sim"}', now() + interval '1 hour', false)`
	);
	await comes(scheduled);
	expect(await messages(id)).toEqual(['Agora sim']);
});

test('one that is only for silence is taken back by what the customer writes', async () => {
	const { id, phone } = await customerWrites(database);
	const [silent, anyway] = [await schedule('caio', id, { unlessAnswered: true }), await schedule('caio', id)];
	await receive(database.door, [delivery([textFrom(phone, 'Já chegou, obrigada!')])]);
	// The clock of the provider counts whole seconds, and may be one behind.
	await database.owner`update public.conversations set last_inbound_at = now() + interval '1 second' where id = ${id}`;
	await comes(silent.id);
	await comes(anyway.id);
	expect(await now(silent.id)).toMatchObject({ status: 'cancelled', failure: 'customer_answered' });
	expect(await messages(id)).toHaveLength(1);
});

test('one that is taken back does not go, and may be let go after all', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	const cancel = (cancelled: boolean) =>
		database.as(
			'caio',
			(sql) => sql<Scheduled[]>`select * from public.cancel_scheduled_message(${scheduled}, ${cancelled})`
		);
	await cancel(true);
	await cancel(true);
	expect((await jobs(scheduled)).length).toBe(0);
	await comes(scheduled);
	expect(await messages(id)).toEqual([]);
	expect((await cancel(false))[0]?.status).toBe('scheduled');
	expect((await jobs(scheduled)).length).toBe(1);
	await comes(scheduled);
	expect(await messages(id)).toHaveLength(1);
	expect(await refusal(cancel(true))).toBe('409 scheduled_message_gone');
});

test('a colleague sends it at once, and then its time brings nothing more', async () => {
	const { id } = await customerWrites(database);
	const { id: scheduled } = await schedule('caio', id);
	const send = () => database.as('ana', (sql) => sql`select * from public.send_scheduled_message(${scheduled})`);
	await send();
	await send();
	await comes(scheduled);
	expect(await messages(id)).toHaveLength(1);
});

test.each([
	['a time that has passed', '422 schedule_time_invalid', { inMinutes: -5 }],
	['a time in two years', '422 schedule_time_invalid', { inMinutes: 2 * 365 * 24 * 60 }],
	['a file', '422 schedule_kind_invalid', { content: { kind: 'image', path: 'x/y.png' } }],
	['an empty text', '422 content_invalid', { content: { kind: 'text', text: ' ' } }]
])('%s can’t be scheduled', async (_what, expected, options) => {
	const { id } = await customerWrites(database);
	expect(await refusal(schedule('caio', id, options))).toBe(expected);
});
