import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites, refusal } from '../threads.ts';

const database = useDatabase();

/** The jobs that will send what waits in a conversation. */
const jobsOf = (id: string) => database.owner`
	select j.task_identifier, j.attempts
	from private.outbox o
	join graphile_worker.jobs j on j.key = 'outbox:' || o.channel_id || ':' || o.shard and j.queue_name = j.key
	where o.conversation_id = ${id}`;

test('an answer stands in the thread at once, queued, with one job to send it', async () => {
	const { id } = await customerWrites(database);
	const message = await answer(database, 'caio', id, 'Bom dia!');
	expect(message).toMatchObject({
		seq: '2',
		status: 'queued',
		body: 'Bom dia!',
		direction: 'out',
		author: 'agent',
		author_id: uuid('caio')
	});
	expect(await jobsOf(id)).toEqual([{ task_identifier: 'outbox__drain', attempts: 0 }]);
	const [row] = await database.owner`
		select preview, preview_direction, unread_count, read_seq, waiting_since from public.conversations where id = ${id}`;
	expect(row).toEqual({
		preview: 'Bom dia!',
		preview_direction: 'out',
		unread_count: 0,
		read_seq: '2',
		waiting_since: null
	});
});

test('however often a click is repeated, one after another or all at once, there is one message and one job', async () => {
	const { id } = await customerWrites(database);
	const clientId = randomUUID();
	const first = await answer(database, 'caio', id, 'Uma vez', { clientId });
	const again = await Promise.all(
		Array.from({ length: 8 }, () => answer(database, 'caio', id, 'Uma vez', { clientId }))
	);
	expect(new Set([first, ...again].map((message) => message.id)).size).toBe(1);
	const [row] = await database.owner`
		select count(*)::integer as messages from public.messages where conversation_id = ${id} and direction = 'out'`;
	expect(row?.messages).toBe(1);
	expect(await jobsOf(id)).toHaveLength(1);
});

test('ten answers at once stand in the thread in one order, without gap or tie', async () => {
	const { id } = await customerWrites(database);
	await Promise.all(Array.from({ length: 10 }, (_, n) => answer(database, 'ana', id, `Resposta ${n}`)));
	const rows = await database.owner`select seq from public.messages where conversation_id = ${id} order by seq`;
	expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 11 }, (_, n) => n + 1));
});

test('a click that is repeated after the conversation was closed still finds its message', async () => {
	const { id } = await customerWrites(database);
	const clientId = randomUUID();
	const message = await answer(database, 'caio', id, 'Antes de fechar', { clientId });
	await database.as('ana', (sql) => sql`select public.close_conversation(${id})`);
	expect((await answer(database, 'caio', id, 'Antes de fechar', { clientId })).id).toBe(message.id);
});

test('whoever does not see the conversation is told that there is none', async () => {
	const { id } = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`);
	for (const person of ['caio', 'bruno', 'edu', 'olga', 'aline'] as const) {
		expect(await refusal(answer(database, person, id)), person).toBe('404 conversation_not_found');
	}
	expect(await refusal(answer(database, 'ana', randomUUID()))).toBe('404 conversation_not_found');
});

test('whoever sees it and may not answer is told so', async () => {
	const { id } = await customerWrites(database);
	expect(await refusal(answer(database, 'vera', id))).toBe('403 not_allowed');
});

test('nothing is said in a closed conversation, nor outside the window', async () => {
	const closed = await customerWrites(database);
	await database.as('ana', (sql) => sql`select public.close_conversation(${closed.id})`);
	expect(await refusal(answer(database, 'ana', closed.id))).toBe('409 conversation_closed');

	const late = await customerWrites(database);
	await database.owner`update public.conversations set window_expires_at = now() where id = ${late.id}`;
	expect(await refusal(answer(database, 'ana', late.id))).toBe('409 window_closed');
	await database.owner`update public.conversations set window_expires_at = null where id = ${late.id}`;
	expect(await refusal(answer(database, 'ana', late.id))).toBe('409 window_closed');
});

test.each([
	['nothing', null],
	['an empty text', { kind: 'text', text: '' }],
	['blanks', { kind: 'text', text: ' \n\t ' }],
	['4,097 characters', { kind: 'text', text: 'a'.repeat(4097) }],
	['a text that is a number', { kind: 'text', text: 5 }],
	['no text', { kind: 'text' }],
	['another kind', { kind: 'image', text: 'Oi' }],
	['a list', ['text']]
])('%s is refused as content', async (_, content) => {
	const { id } = await customerWrites(database);
	const send = database.as(
		'ana',
		(sql) => sql`select public.send_message(${id}, ${randomUUID()}, ${JSON.stringify(content)}::text::jsonb)`
	);
	expect(await refusal(send)).toBe('422 content_invalid');
});

test('4,096 characters are sent, be they letters or emoji', async () => {
	const { id } = await customerWrites(database);
	expect((await answer(database, 'ana', id, '🥖'.repeat(4096))).status).toBe('queued');
});

test('a message without an id of its own is refused: it could not be told from its repetition', async () => {
	const { id } = await customerWrites(database);
	const send = database.as(
		'ana',
		(sql) => sql`select public.send_message(${id}, null, '{"kind": "text", "text": "Oi"}')`
	);
	expect(await refusal(send)).toBe('422 content_invalid');
});

test('an id that was used in another conversation is refused', async () => {
	const [one, other] = [await customerWrites(database), await customerWrites(database)];
	const clientId = randomUUID();
	await answer(database, 'ana', one.id, 'Aqui', { clientId });
	expect(await refusal(answer(database, 'ana', other.id, 'Ali', { clientId }))).toBe('409 client_id_reused');
});

test('an answer quotes a message of its own conversation, and no other', async () => {
	const { id } = await customerWrites(database);
	const stranger = await customerWrites(database);
	const [question] = await database.owner`select id, external_id from public.messages where conversation_id = ${id}`;
	const [foreign] = await database.owner`select id from public.messages where conversation_id = ${stranger.id}`;

	const message = await answer(database, 'ana', id, 'Sim', { quoted: String(question?.id) });
	expect(message).toMatchObject({ quoted_message_id: question?.id, target_external_id: question?.external_id });
	for (const quoted of [String(foreign?.id), randomUUID(), message.id]) {
		expect(await refusal(answer(database, 'ana', id, 'Sim', { quoted }))).toBe('422 quoted_message_not_found');
	}
});

test('a person who answers takes the conversation over from a bot, and what the bot still wanted to say is late', async () => {
	const { id } = await customerWrites(database);
	await database.owner`update public.conversations set owner = 'bot', owner_epoch = 3 where id = ${id}`;
	await answer(database, 'caio', id);
	const owned = () => database.owner`select owner, owner_epoch from public.conversations where id = ${id}`;
	expect(await owned()).toEqual([{ owner: 'human', owner_epoch: 4 }]);
	await answer(database, 'caio', id);
	expect(await owned()).toEqual([{ owner: 'human', owner_epoch: 4 }]);
});

test('a customer who writes in the same second as our answer counts as waiting', async () => {
	const { id, phone } = await customerWrites(database);
	await answer(database, 'caio', id);
	const sent_at = `${new Date().toISOString().slice(0, 19)}Z`;
	await receive(database.door, [delivery([textFrom(phone, 'E leite?', { sent_at })])]);
	const [row] =
		await database.owner`select preview, waiting_since is not null as waiting from public.conversations where id = ${id}`;
	expect(row).toEqual({ preview: 'E leite?', waiting: true });
});
