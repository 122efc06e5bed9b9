import { afterEach, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';
import { customerWrites } from '../threads.ts';
import { publishAgent, takes, teach, useModel } from './agents.ts';

const database = useDatabase();
const stage = useModel();

interface Told {
	version: number;
	sources: { document_id: string; position: number; title: string; heading: string; text: string; state: string }[];
	calls: { count: number; input_tokens: number; output_tokens: number; cost: number; latency_ms: number } | null;
}
const storyAs = (person: Person, turnId: string) =>
	database.as(person, async (sql) => {
		const [row] = await sql<{ story: Told }[]>`select public.ai_turn_story(${turnId}) as story`;
		return row?.story;
	});
/** A page of a thread's turns, as the thread asks for them. */
const turnsAs = (person: Person, conversationId: string) =>
	database.as(
		person,
		(sql) => sql<{ id: string; message_id: string }[]>`
			select t.id, t.message_id from public.ai_turns t
			where t.message_id in (select m.id from public.messages m where m.conversation_id = ${conversationId})
			order by t.created_at`
	);
const relearn = (id: string, revision: number, pieces: object[]) =>
	database.worker`select private.keep_ai_pieces(${id}, ${revision}, ${JSON.stringify(pieces)}::text::jsonb)`;

afterEach(async () => {
	await database.owner`update public.ai_agents set published_version_id = null`;
	await database.owner`delete from public.ai_documents`;
});

test('what an answer was drawn from is shown as it was read, also where the document has changed since', async () => {
	await publishAgent(database);
	const document = await teach(database, 'Horários', '# Loja\nA padaria abre das 6h às 20h de segunda a sábado.');
	const { id } = await customerWrites(database, 'Que horas a padaria abre no sábado?');
	expect(await takes(await stage.deps(database), id)).toBe('done');
	const [turn] = await turnsAs('caio', id);
	const source = async () => (await storyAs('caio', turn?.id ?? ''))?.sources[0];
	const piece = (await source())?.text ?? '';
	expect(await source()).toMatchObject({ document_id: document, title: 'Horários', heading: 'Loja', state: 'same' });
	expect(piece).toContain('A padaria abre das 6h às 20h');

	await relearn(document, 1, [
		{ heading: 'Novo', body: 'Outra coisa.' },
		{ heading: 'Loja', body: piece }
	]);
	expect(await source(), 'the same words stand elsewhere now').toMatchObject({
		position: 2,
		state: 'same',
		text: piece
	});
	await relearn(document, 1, [{ heading: 'Loja', body: 'A padaria abre às 7h.' }]);
	expect(await source()).toMatchObject({ position: 1, state: 'changed', text: 'A padaria abre às 7h.' });
	await relearn(document, 1, []);
	expect(await source()).toMatchObject({ state: 'gone', text: null, title: 'Horários' });
	await database.as('sofia', (sql) => sql`select public.delete_ai_document(${document})`);
	expect(await source()).toMatchObject({ state: 'gone', title: 'Horários' });
});

test('what a turn took is of that turn alone, and for who may see the log of calls', async () => {
	await publishAgent(database);
	const { id, phone } = await customerWrites(database, 'bom dia');
	const deps = await stage.deps(database);
	await takes(deps, id);
	await receive(database.door, [delivery([textFrom(phone, 'quanto custa?')])]);
	await takes(deps, id);
	const turns = await turnsAs('sofia', id);
	expect(turns).toHaveLength(2);
	const stories = await Promise.all(turns.map((turn) => storyAs('sofia', turn.id)));
	const [spent] = await database.owner<{ tokens: string; calls: string }[]>`
		select sum(input_tokens + output_tokens) as tokens, count(*) as calls from public.ai_calls where conversation_id = ${id}`;
	const tokens = stories.map((story) => (story?.calls?.input_tokens ?? 0) + (story?.calls?.output_tokens ?? 0));
	expect(tokens.every((count) => count > 0)).toBe(true);
	expect(tokens.reduce((sum, one) => sum + one)).toBe(Number(spent?.tokens));
	expect(stories.map((story) => story?.calls?.count)).toEqual([2, 2]);
	expect(stories[0]?.calls).toMatchObject({ cost: 0, latency_ms: expect.any(Number) });
	for (const person of ['caio', 'vera'] as const)
		expect((await storyAs(person, turns[0]?.id ?? ''))?.calls, person).toBeNull();
});

test('who does not see a conversation sees nothing of its turns', async () => {
	await publishAgent(database);
	await teach(database, 'Horários', 'A padaria abre das 6h às 20h.');
	const { id } = await customerWrites(database, 'Que horas a padaria abre?');
	await takes(await stage.deps(database), id);
	await database.owner`update public.conversations set assignee_id = ${uuid('duda')} where id = ${id}`;
	const [turn] = await turnsAs('duda', id);
	for (const person of ['caio', 'aline', 'bruno', 'olga'] as const) {
		expect(await turnsAs(person, id), person).toEqual([]);
		await expect(storyAs(person, turn?.id ?? ''), person).rejects.toThrow('conversation_not_found');
	}
});

test('the turns of a page are found by their messages', async () => {
	const lines = await database.owner.begin(async (sql) => {
		await sql`set local enable_seqscan = off`;
		return sql<{ 'QUERY PLAN': string }[]>`
			explain select * from public.ai_turns
			where tenant_id = ${uuid('padaria')} and message_id in (${uuid('a')}, ${uuid('b')})`;
	});
	const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
	expect(plan).toContain('ai_turns_message_idx');
});
