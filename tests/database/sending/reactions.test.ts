import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { claim, customerWrites, refusal, send } from '../threads.ts';

const database = useDatabase();
const thumb = { kind: 'reaction', emoji: '👍' };

const questionOf = async (conversationId: string) => {
	const [row] = await database.owner<{ id: string; external_id: string }[]>`
		select id, external_id from public.messages where conversation_id = ${conversationId} and direction = 'in'`;
	if (!row) throw new Error('nothing was asked');
	return row;
};
const listed = async (id: string) => {
	const [row] = await database.owner`
		select preview, preview_kind, preview_direction, unread_count, waiting_since, last_message_at, owner
		from public.conversations where id = ${id}`;
	return row;
};

test('a reaction goes to its message and leaves the list, what is unread and who waits as they were', async () => {
	const { id } = await customerWrites(database, 'Tem pão?');
	await database.owner`update public.conversations set owner = 'bot' where id = ${id}`;
	const before = await listed(id);
	const question = await questionOf(id);
	const reaction = await send(database, 'caio', id, thumb, { quoted: question.id });
	expect(reaction).toMatchObject({
		kind: 'reaction',
		body: '👍',
		content: { kind: 'reaction', emoji: '👍', removed: false },
		target_external_id: question.external_id,
		quoted_message_id: question.id,
		status: 'queued'
	});
	expect(await listed(id)).toEqual(before);
	expect(before).toMatchObject({ unread_count: 1, preview: 'Tem pão?', owner: 'bot' });
	expect(await claim(database, id)).toMatchObject({ quoted_external_id: question.external_id });
});

test('a reaction in a thread that was read leaves it read', async () => {
	const { id } = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.mark_read(${id}, 1)`);
	await send(database, 'caio', id, thumb, { quoted: (await questionOf(id)).id });
	const [row] =
		await database.owner`select last_seq, read_seq, unread_count from public.conversations where id = ${id}`;
	expect(row).toEqual({ last_seq: '2', read_seq: '2', unread_count: 0 });
});

test('no emoji takes a reaction back', async () => {
	const { id } = await customerWrites(database);
	const { id: quoted } = await questionOf(id);
	await send(database, 'caio', id, thumb, { quoted });
	const removed = await send(database, 'caio', id, { kind: 'reaction', emoji: '' }, { quoted });
	expect(removed).toMatchObject({ body: '', content: { removed: true } });
});

test('a reaction needs a message of this conversation, and is for none that is a reaction itself', async () => {
	const { id } = await customerWrites(database);
	const stranger = await customerWrites(database);
	expect(await refusal(send(database, 'caio', id, thumb))).toBe('422 quoted_message_not_found');
	const foreign = await questionOf(stranger.id);
	expect(await refusal(send(database, 'caio', id, thumb, { quoted: foreign.id }))).toBe('422 quoted_message_not_found');

	const first = await send(database, 'caio', id, thumb, { quoted: (await questionOf(id)).id });
	await database.owner`update public.messages set external_id = 'wamid.reaction' where id = ${first.id}`;
	expect(await refusal(send(database, 'caio', id, thumb, { quoted: first.id }))).toBe('422 quoted_message_not_found');
});
