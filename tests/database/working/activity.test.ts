import { expect, test } from 'vitest';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { database, prioritize, tag, madeTag, now, thread, activities, writes } from './acts.ts';

test('what is done to a conversation stands in its thread, in order, without a gap, and is nothing new to read', async () => {
	const { id, phone } = await customerWrites(database);
	const blue = await madeTag('Entrega');
	await database.as('caio', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await prioritize('caio', id, 4);
	await answer(database, 'caio', id);
	await tag('caio', id, [blue]);
	await writes(phone, 'Obrigada!');
	await database.as('caio', (sql) => sql`select public.close_conversation(${id})`);
	await database.as('caio', (sql) => sql`select public.reopen_conversation(${id})`);

	const lines = await thread(id);
	expect(lines.map(({ seq }) => Number(seq))).toEqual(lines.map((_, index) => index + 1));
	expect(lines.map(({ kind }) => kind)).toEqual([
		'text',
		'activity',
		'activity',
		'text',
		'activity',
		'text',
		'activity',
		'activity'
	]);
	expect((await activities(id)).map(({ content }) => content.changes)).toEqual([
		[{ type: 'assignee', to: { id: uuid('caio'), name: 'caio' } }],
		[{ type: 'priority', from: 0, to: 4 }],
		[{ type: 'tags', added: [{ id: blue, name: 'Entrega', color: 'blue' }], removed: [] }],
		[{ type: 'closed' }],
		[{ type: 'reopened' }]
	]);
	for (const line of await activities(id)) {
		expect(line).toMatchObject({ author: 'agent', author_id: uuid('caio'), is_private: true, body: '' });
	}
	expect(await now(id)).toMatchObject({ last_seq: '8', unread_count: 1, preview: 'Obrigada!' });
});

test('one change of several things is one line', async () => {
	const { id } = await customerWrites(database);
	await database.owner`
		update public.conversations set assignee_id = ${uuid('caio')}, team_id = ${uuid('padaria team')}, priority = 2 where id = ${id}`;
	const [line, ...others] = await activities(id);
	expect(others).toEqual([]);
	expect(line?.content.changes?.map(({ type }) => type)).toEqual(['team', 'assignee', 'priority']);
	expect(line).toMatchObject({ author: 'system', author_id: null });
});

test('what a rule does is told as the rule’s doing, what a macro does as the person’s who ran it', async () => {
	const { id } = await customerWrites(database);
	const cause = (type: string) => JSON.stringify({ type, id: uuid(type), name: 'Clientes VIP' });
	for (const type of ['rule', 'macro']) {
		await database.owner.begin(async (sql) => {
			await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: uuid('caio') })}, true)`;
			await sql`select private.set_cause(${cause(type)}::text::jsonb)`;
			await sql`select private.apply_priority(c, ${type === 'rule' ? 3 : 4}::smallint) from public.conversations c where c.id = ${id}`;
		});
	}
	expect((await activities(id)).map(({ author, content }) => [author, content.cause])).toEqual([
		['system', { type: 'rule', id: uuid('rule'), name: 'Clientes VIP' }],
		['agent', { type: 'macro', id: uuid('macro'), name: 'Clientes VIP' }]
	]);
});

test('saying the same twice changes nothing and tells nothing', async () => {
	const { id } = await customerWrites(database);
	const green = await madeTag('Troca');
	const first = [await prioritize('sofia', id, 1), await tag('sofia', id, [green])];
	expect([await prioritize('sofia', id, 1), await tag('sofia', id, [green])]).toEqual([first[1], first[1]]);
	expect(await activities(id)).toHaveLength(2);
});
