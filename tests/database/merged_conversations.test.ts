import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Status } from '../../core/src/whatsapp/events.ts';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { NUMBERS, uuid, type Person } from './people.ts';
import { brokenThreads } from './receiving/ledger.ts';
import { find } from './search/search.ts';
import { answer, claim, messageNow, refusal, settle } from './threads.ts';

const database = useDatabase();
const other = { channel: uuid('padaria other channel'), number: '106540352242999' };

beforeAll(async () => {
	await database.owner`
		insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number)
		values (${other.channel}, ${uuid('padaria')}, 'whatsapp', 'Outro número', ${other.number}, ${`${NUMBERS.padaria}9`}, '551130030002')`;
});

interface Row {
	id: string;
	status: string;
	folder: string;
	merged_into_id: string | null;
	channel_id: string;
	assignee_id: string | null;
	team_id: string | null;
	priority: number;
	tag_ids: string[];
	attributes: Record<string, unknown>;
	waiting_since: Date | null;
	snoozed_until: Date | null;
	last_seq: string;
}

let phones = 0;
const somebody = () => `55117${String(++phones).padStart(8, '0')}`;
const write = (phone: string, text: string, to: 'first' | 'other' = 'first') =>
	receive(database.door, [
		delivery([
			textFrom(phone, text, {
				sent_at: `${new Date().toISOString().slice(0, 19)}Z`,
				...(to === 'other' && { phone_number_id: other.number })
			})
		])
	]);
/** A person's conversations, oldest first. */
const threadsOf = (phone: string) => database.owner<Row[]>`
	select c.* from public.conversations c join public.contacts p on p.id = c.contact_id
	where p.phone = ${phone} order by c.created_at, c.id`;
const rowOf = async (id: string): Promise<Row> => {
	const [row] = await database.owner<Row[]>`select * from public.conversations where id = ${id}`;
	if (!row) throw new Error(`no conversation ${id}`);
	return row;
};
const act = async (person: Person, call: string, ...ids: string[]): Promise<Row> => {
	const [row] = await database.as(person, (sql) => sql.unsafe<Row[]>(`select * from public.${call}`, ids));
	if (!row) throw new Error(`${call} gave no row`);
	return row;
};
const merge = (person: Person, into: string, from: string) => act(person, 'merge_conversations($1, $2)', into, from);
const part = (person: Person, id: string) => act(person, 'unmerge_conversation($1)', id);
const close = (person: Person, id: string) => act(person, 'close_conversation($1)', id);

/** Somebody with an open conversation on each of both numbers. */
async function both(): Promise<{ phone: string; into: string; from: string }> {
	const phone = somebody();
	await write(phone, 'Cadê meu pedido?');
	await write(phone, 'Oi, escrevi no outro número', 'other');
	const rows = await threadsOf(phone);
	const [into, from] = [uuid('padaria channel'), other.channel].map((id) => rows.find((row) => row.channel_id === id));
	return { phone, into: into?.id ?? '', from: from?.id ?? '' };
}

/** Everything about two conversations that parting them puts back. */
const standing = async (...ids: string[]) =>
	JSON.stringify(
		await database.owner`
			select id, status, folder, merged_into_id, team_id, assignee_id, priority, tag_ids, attributes, waiting_since, snoozed_until, unread_count
			from public.conversations where id = any (${ids}) order by id`
	);

test('of two conversations of a person one goes on, and the other is closed and says what it is part of', async () => {
	const { into, from } = await both();
	expect(await merge('sofia', into, from)).toMatchObject({ id: into, status: 'open' });
	expect(await rowOf(from)).toMatchObject({ status: 'closed', merged_into_id: into });
	const told = await database.owner`
		select conversation_id, content -> 'changes' as changes from public.messages
		where conversation_id in (${into}, ${from}) and kind = 'activity' order by conversation_id = ${from}`;
	expect(told).toEqual([
		{ conversation_id: into, changes: [{ type: 'merged_in', id: from }] },
		{ conversation_id: from, changes: [{ type: 'merged_into', id: into }] }
	]);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('merging twice is merging once, and parting twice is parting once', async () => {
	const { into, from } = await both();
	await merge('sofia', into, from);
	const once = [(await rowOf(into)).last_seq, (await rowOf(from)).last_seq];
	await merge('sofia', into, from);
	expect([(await rowOf(into)).last_seq, (await rowOf(from)).last_seq]).toEqual(once);
	await part('sofia', from);
	const parted = (await rowOf(from)).last_seq;
	expect(await part('sofia', from)).toMatchObject({ id: from, status: 'open', merged_into_id: null });
	expect((await rowOf(from)).last_seq).toBe(parted);
});

test('what asks for work goes along, and parting puts both back as they stood', async () => {
	const { into, from } = await both();
	const tag = randomUUID();
	await database.owner`insert into public.tags (tenant_id, id, name) values (${uuid('padaria')}, ${tag}, 'Entrega atrasada')`;
	await act('sofia', 'set_priority($1, 4::smallint)', from);
	await database.as('sofia', (sql) => sql`select public.tag_conversation(${from}, array[${tag}]::uuid[])`);
	await database.as('sofia', (sql) => sql`select public.follow_conversation(${from}, ${uuid('caio')}, true)`);
	await database.owner`update public.conversations set attributes = '{"pedido": "42"}' where id = ${from}`;
	await act('sofia', 'assign_conversation($1, $2)', from, uuid('duda'));
	await answer(database, 'sofia', into, 'Já vejo.');
	const before = await standing(into, from);
	const waiting = (await rowOf(from)).waiting_since;

	await merge('sofia', into, from);
	expect(await rowOf(into)).toMatchObject({
		priority: 4,
		tag_ids: [tag],
		attributes: { pedido: '42' },
		waiting_since: waiting
	});
	expect(await database.owner`select user_id from public.participants where conversation_id = ${into}`).toEqual([
		{ user_id: uuid('caio') }
	]);

	await part('sofia', from);
	expect(await standing(into, from)).toBe(before);
	expect(await database.owner`select user_id from public.participants where conversation_id = ${into}`).toEqual([]);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('a message on its way when the conversations are merged arrives, and its late statuses find it', async () => {
	const { into, from } = await both();
	const sent = await answer(database, 'sofia', from, 'Estou vendo aqui.');
	const queued = await answer(database, 'sofia', from, 'Um momento.');
	const claimed = await claim(database, from);
	await merge('sofia', into, from);
	await settle(database, claimed, { result: 'accepted', external_id: `wamid.${sent.id}` });
	await settle(database, await claim(database, from), { result: 'accepted', external_id: `wamid.${queued.id}` });
	const told: Status = {
		type: 'status',
		phone_number_id: other.number,
		waba_id: `${NUMBERS.padaria}9`,
		identities: [],
		name: null,
		username: null,
		external_id: `wamid.${sent.id}`,
		status: 'read',
		at: new Date().toISOString(),
		opaque: sent.id,
		error: null,
		pricing: null
	};
	await receive(database.door, [delivery([told])]);
	expect((await messageNow(database, sent.id)).status).toBe('read');
	expect((await messageNow(database, queued.id)).status).toBe('sent');
});

test('who writes again on the channel of a part begins a conversation there, with whoever has the whole', async () => {
	const { phone, into, from } = await both();
	await act('sofia', 'assign_conversation($1, $2)', into, uuid('caio'));
	await merge('sofia', into, from);
	await write(phone, 'E agora?', 'other');
	await write(phone, 'E aqui?');
	const rows = await threadsOf(phone);
	expect(rows).toHaveLength(3);
	expect(rows.find(({ id }) => id !== into && id !== from)).toMatchObject({
		status: 'open',
		channel_id: other.channel,
		assignee_id: uuid('caio')
	});
	expect((await rowOf(from)).status).toBe('closed');
	const [last] = await database.owner`
		select body from public.messages where conversation_id = ${into} order by seq desc limit 1`;
	expect(last).toEqual({ body: 'E aqui?' });
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('a part whose person has begun anew on its channel is parted closed: nobody has two open there', async () => {
	const { phone, into, from } = await both();
	await merge('sofia', into, from);
	await write(phone, 'Voltei', 'other');
	expect(await part('sofia', from)).toMatchObject({ id: from, status: 'closed', merged_into_id: null });
});

test('what waits for its time is sent where the conversation goes on, and goes back when they are parted', async () => {
	const { into, from } = await both();
	await database.as(
		'sofia',
		(sql) =>
			sql`select public.schedule_message(${from}, ${randomUUID()}, '{"kind": "text", "text": "Chegou?"}', now() + interval '1 hour')`
	);
	const where = async () => {
		const [row] = await database.owner<{ conversation_id: string }[]>`
			select conversation_id from public.scheduled_messages where conversation_id in (${into}, ${from})`;
		return row?.conversation_id;
	};
	await merge('sofia', into, from);
	expect(await where()).toBe(into);
	await part('sofia', from);
	expect(await where()).toBe(from);
});

test('parts go with the whole from hand to hand, so that whoever sees it sees them', async () => {
	const { into, from } = await both();
	await merge('sofia', into, from);
	await act('sofia', 'assign_conversation($1, $2)', into, uuid('duda'));
	const sees = (person: Person) =>
		database.as(person, async (sql) => (await sql`select id from public.conversations where id = ${from}`).length);
	expect([await sees('duda'), await sees('caio')]).toEqual([1, 0]);
	await act('sofia', 'assign_conversation($1, $2)', into, uuid('caio'));
	expect([await sees('duda'), await sees('caio')]).toEqual([0, 1]);
});

test('what cannot be merged says why', async () => {
	const { into, from } = await both();
	const stranger = await both();
	expect(await refusal(merge('sofia', into, stranger.from))).toBe('422 conversations_of_others');
	expect(await refusal(merge('vera', into, from))).toBe('403 not_allowed');
	expect(await refusal(merge('bruno', into, from))).toBe('404 conversation_not_found');
	await act('sofia', 'assign_conversation($1, $2)', from, uuid('duda'));
	expect(await refusal(merge('caio', into, from))).toBe('404 conversation_not_found');
	await close('sofia', into);
	expect(await refusal(merge('sofia', into, from))).toBe('409 conversation_closed');
	await merge('sofia', from, into);
	expect(await refusal(act('sofia', 'reopen_conversation($1)', into))).toBe('409 conversation_merged');
	const { from: third } = await both();
	await database.owner`update public.conversations set contact_id = (select contact_id from public.conversations where id = ${into}), status = 'closed', closed_at = now() where id = ${third}`;
	expect(await refusal(merge('sofia', third, into))).toBe('409 conversation_merged');
	await database.owner`delete from public.conversations where id = ${third}`;
});

test('two who merge the same conversations either way round at once end with one whole and one part', async () => {
	for (let round = 0; round < 5; round++) {
		const { into, from } = await both();
		const outcomes = await Promise.all([refusal(merge('sofia', into, from)), refusal(merge('ana', from, into))]);
		expect(outcomes.sort()).toEqual(['409 conversation_merged', 'not refused']);
		const rows = [await rowOf(into), await rowOf(from)];
		expect(rows.map(({ merged_into_id }) => merged_into_id).filter(Boolean)).toHaveLength(1);
	}
});

test('contacts that are merged and parted keep the parts of their conversations', async () => {
	const one = await both();
	const two = await both();
	await merge('sofia', one.into, one.from);
	await merge('sofia', two.into, two.from);
	const before = await standing(one.into, one.from, two.into, two.from);
	const contactOf = async (id: string) => {
		const [row] = await database.owner<
			{ contact_id: string }[]
		>`select contact_id from public.conversations where id = ${id}`;
		return row?.contact_id ?? '';
	};
	const [joined] = await database.as(
		'sofia',
		async (sql) =>
			sql<
				{ id: string }[]
			>`select id from public.merge_contacts(${await contactOf(one.into)}, ${await contactOf(two.into)})`
	);
	expect((await rowOf(two.from)).merged_into_id).toBe(one.into);
	await database.as('sofia', (sql) => sql`select public.part_contacts(${joined?.id ?? ''})`);
	expect(await standing(one.into, one.from, two.into, two.from)).toBe(before);
	expect(await brokenThreads(database.owner, uuid('padaria'))).toEqual([]);
});

test('what was said in a part is found in the whole, and no longer once they are parted', async () => {
	const phone = somebody();
	await write(phone, 'Quero um panetone trufado');
	await write(phone, 'O panetone chegou', 'other');
	const [part, whole] = await threadsOf(phone);
	if (!part || !whole) throw new Error('two conversations were to be opened');
	const places = async (id: string) =>
		(await find(database, 'ana', 'panetone', { filters: { conversation_id: id } })).messages
			.map(({ conversation_id }) => conversation_id)
			.sort();
	await merge('ana', whole.id, part.id);
	expect(await places(whole.id)).toEqual([part.id, whole.id].sort());
	expect(await places(part.id)).toEqual([part.id]);
	await act('ana', 'unmerge_conversation($1)', part.id);
	expect(await places(whole.id)).toEqual([whole.id]);
});
