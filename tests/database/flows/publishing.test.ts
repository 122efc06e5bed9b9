import { expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { drawing, publishFlow, runsIn, saidIn, works } from './bots.ts';

const database = useDatabase();
const says = (text: string) => ({ nodes: [{ id: 'm', type: 'message', text }], lines: ['s > m'] });
const word = (one: string) => [{ type: 'keyword', words: [one], match: 'whole' }];
const versionsOf = (flow: string) => database.owner<{ id: string; number: number }[]>`
	select id, number from public.flow_versions where flow_id = ${flow} order by number`;

test('publishing, rolling back and taking off the air are on record, with who did it; drawing is not', async () => {
	const flow = await publishFlow(database, says('um'), word('auditoria'));
	await database.as('sofia', async (sql) => {
		const draft = JSON.stringify(drawing(says('dois')));
		await sql`select public.save_flow(${uuid('padaria')}, ${flow}, f.name, ${draft}::text::jsonb, 1) from public.flows f where f.id = ${flow}`;
		await sql`select public.publish_flow(${flow}, 2)`;
	});
	const [one, two] = await versionsOf(flow);
	await database.as('sofia', (sql) => sql`select public.roll_back_flow(${flow}, ${one?.id ?? null})`);
	await database.as('ana', (sql) => sql`select public.roll_back_flow(${flow}, null)`);
	const entries = await database.owner`
		select actor_id, action, before ->> 'published_version_id' as before, after ->> 'published_version_id' as after
		from public.audit_log where table_name = 'flows' and row_id = ${flow} order by id`;
	const [sofia, ana] = [uuid('sofia'), uuid('ana')];
	expect(entries.map(({ action, actor_id, before, after }) => [action, actor_id, before, after])).toEqual([
		['insert', sofia, null, null],
		['update', sofia, null, one?.id],
		['update', sofia, one?.id, two?.id],
		['update', sofia, two?.id, one?.id],
		['update', ana, one?.id, null]
	]);
});

test('rolled back, new runs take the earlier version; off the air none begins, and those that live go on', async () => {
	const ask = (text: string) => ({
		nodes: [
			{ id: 'q', type: 'question', text, answer: { kind: 'text' }, save_as: 'x' },
			{ id: 'm', type: 'message', text: 'obrigada por {{x}}' }
		],
		lines: ['s > q', 'q > m'],
		variables: [{ name: 'x', type: 'text' }]
	});
	const flow = await publishFlow(database, ask('velha?'), word('volta'));
	await database.as('sofia', async (sql) => {
		const draft = JSON.stringify(drawing(ask('nova?')));
		await sql`select public.save_flow(${uuid('padaria')}, ${flow}, f.name, ${draft}::text::jsonb, 1) from public.flows f where f.id = ${flow}`;
		await sql`select public.publish_flow(${flow}, 2)`;
	});
	const [old] = await versionsOf(flow);
	const before = await customerWrites(database, 'volta');
	await works(database, before.id);
	await database.as('sofia', (sql) => sql`select public.roll_back_flow(${flow}, ${old?.id ?? null})`);
	const after = await customerWrites(database, 'volta');
	await works(database, after.id);
	expect(await saidIn(database, before.id)).toContain('bot: nova?');
	expect(await saidIn(database, after.id)).toContain('bot: velha?');

	await database.as('sofia', (sql) => sql`select public.roll_back_flow(${flow}, null)`);
	const late = await customerWrites(database, 'volta');
	await works(database, late.id);
	expect(await runsIn(database, late.id)).toEqual([]);
	expect(await runsIn(database, before.id)).toMatchObject([{ status: 'live' }]);

	const [other] = await versionsOf(await publishFlow(database, says('x'), []));
	await expect(
		database.as('sofia', (sql) => sql`select public.roll_back_flow(${flow}, ${other?.id ?? null})`)
	).rejects.toThrow('flow_version_not_found');
});

test('a clock starts a flow by its tenant’s hour, in tagged conversations that are nobody’s, once a day', async () => {
	const [tag] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color, position) values (${uuid('padaria')}, 'Lembrar', 'blue', 1) returning id`;
	const [wall] = await database.owner<{ at: string; day: number; later: string }[]>`
		select to_char(now() at time zone timezone, 'HH24:MI') as at,
			to_char(now() at time zone timezone + interval '1 hour', 'HH24:MI') as later,
			extract(dow from now() at time zone timezone)::integer as day
		from public.tenants where id = ${uuid('padaria')}`;
	const clock = (at: string | undefined, days: number[]) => [{ type: 'schedule', at, days, tags: [tag?.id] }];
	const days = [0, 1, 2, 3, 4, 5, 6];
	await publishFlow(database, says('outra hora'), clock(wall?.later, days));
	await publishFlow(
		database,
		says('outro dia'),
		clock(
			wall?.at,
			days.filter((day) => day !== wall?.day)
		)
	);
	await publishFlow(database, says('Lembrete!'), clock(wall?.at, days));
	const [tagged, plain, taken] = [
		await customerWrites(database),
		await customerWrites(database),
		await customerWrites(database)
	];
	await answer(database, 'caio', taken.id);
	for (const { id } of [tagged, taken])
		await database.as('caio', (sql) => sql`select public.tag_conversation(${id}, ${[String(tag?.id)]}::uuid[], '{}')`);
	const start = async () =>
		(await database.worker<{ started: number }[]>`select private.start_scheduled_flows() as started`)[0]?.started;
	expect(await start()).toBe(1);
	for (const { id } of [tagged, plain, taken]) await works(database, id);
	expect(await saidIn(database, tagged.id)).toEqual(['contact: Bom dia!', 'bot: Lembrete!']);
	expect(await runsIn(database, plain.id)).toEqual([]);
	expect(await runsIn(database, taken.id)).toEqual([]);
	expect(await start(), 'once a day').toBe(0);
});
