import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase, type Transaction } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { answer, customerWrites, refusal } from './threads.ts';

const database = useDatabase();

interface Row {
	id: string;
	status: string;
	assignee_id: string | null;
	closed_at: string | null;
	read_seq: string;
	unread_count: number;
	updated_at: string;
}

/** Does something to a conversation as somebody; gives the row as it then is. */
const act = (person: Person, call: (sql: Transaction) => Promise<Row[]>): Promise<Row> =>
	database.as(person, async (sql) => (await call(sql))[0] as Row);
const assign = (person: Person, id: string, assignee: string | null) =>
	act(person, (sql) => sql<Row[]>`select * from public.assign_conversation(${id}, ${assignee})`);
const close = (person: Person, id: string) =>
	act(person, (sql) => sql<Row[]>`select * from public.close_conversation(${id})`);
const reopen = (person: Person, id: string) =>
	act(person, (sql) => sql<Row[]>`select * from public.reopen_conversation(${id})`);
const read = (person: Person, id: string, seq: number) =>
	act(person, (sql) => sql<Row[]>`select * from public.mark_read(${id}, ${seq})`);

test('an agent takes what nobody has, and the others no longer see it', async () => {
	const { id } = await customerWrites(database);
	expect((await assign('caio', id, uuid('caio'))).assignee_id).toBe(uuid('caio'));
	expect(await refusal(assign('duda', id, uuid('duda')))).toBe('404 conversation_not_found');
	expect((await assign('sofia', id, uuid('duda'))).assignee_id).toBe(uuid('duda'));
	expect((await assign('sofia', id, null)).assignee_id).toBeNull();
});

test('of two agents who take the same conversation at once, one has it and the other is told', async () => {
	for (let round = 0; round < 5; round++) {
		const { id } = await customerWrites(database);
		const outcomes = await Promise.all([
			refusal(assign('caio', id, uuid('caio'))),
			refusal(assign('duda', id, uuid('duda')))
		]);
		expect(outcomes.sort()).toEqual(['404 conversation_not_found', 'not refused']);
	}
});

test('where the company lets nobody pick, agents neither see nor take what nobody has', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`update public.tenants set agents_pick = false`);
	expect(await refusal(assign('caio', id, uuid('caio')))).toBe('404 conversation_not_found');
	expect((await assign('sofia', id, uuid('caio'))).assignee_id).toBe(uuid('caio'));
	await database.as('ana', (sql) => sql`update public.tenants set agents_pick = true`);
});

test('nobody is given a conversation who could not answer it', async () => {
	const { id } = await customerWrites(database);
	for (const person of ['vera', 'aline', 'edu', 'olga'] as const) {
		expect(await refusal(assign('ana', id, uuid(person))), person).toBe('422 assignee_not_member');
	}
	expect(await refusal(assign('ana', id, randomUUID()))).toBe('422 assignee_not_member');
});

test('giving a conversation to whom it belongs already changes nothing', async () => {
	const { id } = await customerWrites(database);
	const first = await assign('ana', id, uuid('caio'));
	expect(await assign('ana', id, uuid('caio'))).toEqual(first);
});

test('a member who leaves leaves their conversations to nobody, and none is lost', async () => {
	const { id } = await customerWrites(database);
	await assign('ana', id, uuid('duda'));
	await database.owner`delete from public.memberships where user_id = ${uuid('duda')}`;
	const [row] = await database.owner`select assignee_id, tenant_id from public.conversations where id = ${id}`;
	expect(row).toEqual({ assignee_id: null, tenant_id: uuid('padaria') });
	await database.owner`
		insert into public.memberships (tenant_id, user_id, role, display_name)
		values (${uuid('padaria')}, ${uuid('duda')}, 'agent', 'duda')`;
});

test('closing twice keeps the first moment, and a closed conversation is given to nobody', async () => {
	const { id } = await customerWrites(database);
	const first = await close('caio', id);
	expect(first.status).toBe('closed');
	expect((await close('caio', id)).closed_at).toEqual(first.closed_at);
	expect(await refusal(assign('ana', id, uuid('caio')))).toBe('409 conversation_closed');
});

test('a closed conversation opens again, with its messages', async () => {
	const { id } = await customerWrites(database);
	await close('caio', id);
	expect(await reopen('caio', id)).toMatchObject({ status: 'open', closed_at: null });
	expect((await reopen('caio', id)).status).toBe('open');
	expect((await answer(database, 'caio', id)).seq).toBe('4');
});

test('it does not open again once the customer has begun another', async () => {
	const { id, phone } = await customerWrites(database);
	await close('caio', id);
	await receive(database.door, [delivery([textFrom(phone, 'De novo eu')])]);
	expect(await refusal(reopen('caio', id))).toBe('409 conversation_open_elsewhere');
	const rows = await database.owner`
		select c.status from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone} order by c.created_at`;
	expect(rows).toEqual([{ status: 'closed' }, { status: 'open' }]);
});

test('a customer who writes while somebody closes is heard, in that conversation or the next', async () => {
	for (let round = 0; round < 5; round++) {
		const { id, phone } = await customerWrites(database);
		await Promise.all([close('caio', id), receive(database.door, [delivery([textFrom(phone, `Espere ${round}`)])])]);
		const [row] = await database.owner`
			select count(*)::integer as messages, count(*) filter (where c.status = 'open') <= 1 as at_most_one_open
			from public.messages m
			join public.conversations c on c.id = m.conversation_id
			join public.contacts p on p.id = c.contact_id
			where p.phone = ${phone} and m.body = ${`Espere ${round}`}`;
		expect(row).toEqual({ messages: 1, at_most_one_open: true });
	}
});

test('imported history is read and never opened', async () => {
	const phone = '5511900000001';
	await receive(database.door, [
		delivery([
			textFrom(phone, 'Ano passado', {
				history_status: 'read',
				counts_unread: false,
				opens_window: false,
				sent_at: '2025-11-02T12:00:00Z'
			})
		])
	]);
	const [history] = await database.owner<{ id: string }[]>`
		select c.id from public.conversations c join public.contacts p on p.id = c.contact_id where p.phone = ${phone}`;
	expect(await refusal(reopen('ana', String(history?.id)))).toBe('409 conversation_is_history');
});

test('what was read stays read, and what came after counts as unread', async () => {
	const { id, phone } = await customerWrites(database);
	await receive(database.door, [delivery([textFrom(phone, 'dois'), textFrom(phone, 'três')])]);
	expect(await read('caio', id, 2)).toMatchObject({ read_seq: '2', unread_count: 1 });
	expect(await read('caio', id, 1)).toMatchObject({ read_seq: '2', unread_count: 1 });
	expect(await read('caio', id, 99)).toMatchObject({ read_seq: '3', unread_count: 0 });
	await receive(database.door, [delivery([textFrom(phone, 'quatro')])]);
	const [row] = await database.owner`select unread_count, read_seq from public.conversations where id = ${id}`;
	expect(row).toEqual({ unread_count: 1, read_seq: '3' });
});

test('someone who may not answer reads without leaving a mark', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(read('vera', id, 1))).toBe('403 not_allowed');
});

test('every change moves the cursor by which a browser catches up', async () => {
	const { id, phone } = await customerWrites(database);
	const cursor = async () => {
		const [row] = await database.owner<
			{ at: string }[]
		>`select updated_at::text as at from public.conversations where id = ${id}`;
		return String(row?.at);
	};
	let before = await cursor();
	for (const change of [
		() => assign('ana', id, uuid('caio')),
		() => read('caio', id, 1),
		() => answer(database, 'caio', id),
		() => receive(database.door, [delivery([textFrom(phone, 'Mais')])]),
		() => close('caio', id),
		() => reopen('caio', id)
	]) {
		await change();
		const after = await cursor();
		expect(after > before, `${after} after ${before}`).toBe(true);
		before = after;
	}
});
