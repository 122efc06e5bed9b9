import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { customerWrites, refusal } from '../threads.ts';
import { uuid } from '../people.ts';
import { drawing, publishFlow, runsIn, saidIn, works } from './bots.ts';

const database = useDatabase();
const ask = (text: string) => ({
	nodes: [
		{ id: 'q', type: 'question', text, answer: { kind: 'text' } },
		{ id: 'm', type: 'message', text: 'Até!' }
	],
	lines: ['s > q', 'q > m']
});
const uses = (flow: string) =>
	database.as('sofia', async (sql) => {
		const [row] = await sql<{ uses: unknown }[]>`select public.flow_uses(${flow}) as uses`;
		return row?.uses;
	});
const does = (call: 'archive_flow' | 'unarchive_flow' | 'delete_flow', flow: string) =>
	database.as('sofia', (sql) => sql.unsafe(`select public.${call}('${flow}')`));

test('a flow that is put away begins nothing, its conversations go on, and it comes back as it was', async () => {
	const flow = await publishFlow(database, ask('Guardado?'), [{ type: 'keyword', words: ['guardar'] }]);
	const [{ version } = { version: '' }] = await database.owner<{ version: string }[]>`
		select published_version_id as version from public.flows where id = ${flow}`;
	const one = await customerWrites(database, 'guardar');
	await works(database, one.id);
	expect(await uses(flow)).toEqual({ callers: [], live: 1 });

	await does('archive_flow', flow);
	const other = await customerWrites(database, 'guardar');
	await works(database, other.id);
	expect(await runsIn(database, other.id)).toEqual([]);
	expect(await runsIn(database, one.id)).toMatchObject([{ status: 'live' }]);

	// Its name is free meanwhile.
	const [{ name } = { name: '' }] = await database.owner<
		{ name: string }[]
	>`select name from public.flows where id = ${flow}`;
	const taken = await database.as('sofia', async (sql) => {
		const [row] = await sql<{ id: string }[]>`
			select id from public.save_flow(${uuid('padaria')}, null, ${name}, ${JSON.stringify(drawing(ask('?')))}::text::jsonb, null)`;
		return String(row?.id);
	});
	expect(await refusal(does('unarchive_flow', flow))).toBe('409 flow_name_taken');
	await does('delete_flow', taken);
	await database.as('sofia', (sql) => sql`select public.unarchive_flow(${flow}, ${version})`);
	const again = await customerWrites(database, 'guardar');
	await works(database, again.id);
	expect(await saidIn(database, again.id)).toEqual(['contact: guardar', 'bot: Guardado?']);
});

test('a flow that is thrown away gives its conversations to people, and nobody pulls one from under another', async () => {
	const called = await publishFlow(database, ask('Dentro?'), []);
	const caller = await publishFlow(
		database,
		{ nodes: [{ id: 'f', type: 'flow', flow_id: called }], lines: ['s > f'] },
		[{ type: 'keyword', words: ['fora'] }]
	);
	expect(await uses(called)).toMatchObject({ callers: [{ id: caller }] });
	expect(await refusal(does('archive_flow', called))).toBe('409 flow_in_use');
	expect(await refusal(does('delete_flow', called))).toBe('409 flow_in_use');

	const { id } = await customerWrites(database, 'fora');
	await works(database, id);
	await does('delete_flow', caller);
	expect(await runsIn(database, id)).toEqual([]);
	const [conversation] = await database.owner`select owner, status from public.conversations where id = ${id}`;
	expect(conversation).toEqual({ owner: 'human', status: 'open' });
	await does('delete_flow', called);
});
