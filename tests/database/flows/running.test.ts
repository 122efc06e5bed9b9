import { afterEach, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites } from '../threads.ts';
import { callsFor, publishFlow, runsIn, saidIn, works } from './bots.ts';

const database = useDatabase();
const says = (phone: string, ...texts: string[]) =>
	receive(database.door, [delivery(texts.map((text) => textFrom(phone, text)))]);
const ownerOf = async (id: string) => {
	const [row] = await database.owner`
		select owner, owner_epoch, team_id, waiting_since is not null as waits, status from public.conversations where id = ${id}`;
	return row;
};

const menu = {
	id: 'menu',
	type: 'buttons',
	text: 'Olá! Como ajudo?',
	options: [
		{ id: 'hours', label: 'Horários' },
		{ id: 'person', label: 'Falar com alguém' }
	]
};
const bakery = {
	nodes: [
		menu,
		{ id: 'h', type: 'message', text: 'Das 6h às 20h.' },
		{ id: 'x', type: 'handover', text: 'Já chamo alguém.', note: 'Veio do menu' }
	],
	lines: ['s > menu', 'menu:hours > h', 'menu:person > x', 'h > menu']
};
const keyword = (...words: string[]) => ({ type: 'keyword', words, match: 'whole' });

afterEach(async () => {
	await database.owner`update public.flows set published_version_id = null`;
	await database.owner`update public.flow_triggers set active = false`;
});

test('a word begins a flow, which answers, asks and hands over to a person', async () => {
	await publishFlow(database, bakery, [keyword('menu')]);
	const { id, phone } = await customerWrites(database, 'Menu!');
	expect(await callsFor(database, id)).toHaveLength(1);
	expect(await works(database, id)).toBe(2);
	expect(await saidIn(database, id)).toEqual(['contact: Menu!', 'bot: Olá! Como ajudo?']);
	expect(await ownerOf(id)).toMatchObject({ owner: 'bot', owner_epoch: 1, waits: false });

	await says(phone, 'horarios');
	await works(database, id);
	await says(phone, '2');
	await works(database, id);
	expect((await saidIn(database, id)).slice(2)).toEqual([
		'contact: horarios',
		'bot: Das 6h às 20h.',
		'bot: Olá! Como ajudo?',
		'contact: 2',
		'bot: Já chamo alguém.'
	]);
	expect(await ownerOf(id)).toMatchObject({ owner: 'human', owner_epoch: 2, waits: true });
	expect(await runsIn(database, id)).toMatchObject([{ status: 'ended', outcome: 'handed_over' }]);
	const [note] = await database.owner`
		select body, author, content -> 'cause' ->> 'type' as cause from public.messages where conversation_id = ${id} and kind = 'note'`;
	expect(note).toEqual({ body: 'Veio do menu', author: 'system', cause: 'flow' });

	await says(phone, 'menu');
	await works(database, id);
	expect((await saidIn(database, id)).at(-1), 'a person has it: the bot stays away').toBe('contact: menu');
});

test('who has no flow pays no job, and what was said before a flow was published starts none', async () => {
	const { id } = await customerWrites(database, 'menu');
	expect(await callsFor(database, id)).toEqual([]);
	await publishFlow(database, bakery, [keyword('menu')]);
	expect(await works(database, id)).toBe(0);
	expect(await runsIn(database, id)).toEqual([]);
});

test('a message that no word of a flow stands in is nobody’s job', async () => {
	await publishFlow(database, bakery, [keyword('orçamento', 'segunda via')]);
	const { id, phone } = await customerWrites(database, 'Bom dia! Tem pão?');
	expect(await callsFor(database, id)).toEqual([]);
	await says(phone, 'Segunda   VIA!!');
	expect(await callsFor(database, id)).toHaveLength(1);
	await works(database, id);
	expect(await runsIn(database, id)).toHaveLength(1);
	const other = await customerWrites(database, 'ORCAMENTO');
	expect(await callsFor(database, other.id)).toHaveLength(1);
});

test('a conversation that somebody has is left alone', async () => {
	await publishFlow(database, bakery, [keyword('menu')]);
	const { id, phone } = await customerWrites(database, 'bom dia');
	await answer(database, 'caio', id);
	await says(phone, 'menu');
	await works(database, id);
	expect(await runsIn(database, id)).toEqual([]);
});

test('a hundred messages at once are one run, each read once and in order, by however many workers', async () => {
	const question = {
		id: 'q',
		type: 'question',
		text: 'Mais?',
		answer: { kind: 'text' },
		save_as: 'last',
		early: 'take'
	};
	await publishFlow(
		database,
		{
			nodes: [question, { id: 'add', type: 'set', set: [{ variable: 'all', to: { text: '{{all}} {{last}}' } }] }],
			lines: ['s > q', 'q > add', 'add > q'],
			variables: [
				{ name: 'last', type: 'text' },
				{ name: 'all', type: 'text' }
			]
		},
		[keyword('começar')]
	);
	const { id, phone } = await customerWrites(database, 'começar');
	const words = Array.from({ length: 100 }, (_, index) => String(index));
	await Promise.all([
		...Array.from({ length: 5 }, () => works(database, id)),
		...words.map(async (word, index) => {
			await receive(database.door, [
				delivery([textFrom(phone, word, { sent_at: new Date(Date.now() + index).toISOString() })])
			]);
			await works(database, id);
		})
	]);
	await works(database, id);
	const runs = await runsIn(database, id);
	expect(runs).toHaveLength(1);
	const arrived = await database.owner<{ body: string }[]>`
		select body from public.messages where conversation_id = ${id} and direction = 'in' and seq > 1 order by seq`;
	expect(String(runs[0]?.state.variables['all']).trim().split(' ')).toEqual(arrived.map(({ body }) => body));
	const [asked] = await database.owner`
		select count(*)::int as count from public.messages where conversation_id = ${id} and author = 'bot'`;
	expect(asked?.['count']).toBe(101);
});

test('a step is kept once: what was thought out on something older is not', async () => {
	await publishFlow(database, bakery, [keyword('menu')]);
	const { id } = await customerWrites(database, 'menu');
	await Promise.all(Array.from({ length: 8 }, () => works(database, id)));
	expect(await saidIn(database, id)).toEqual(['contact: menu', 'bot: Olá! Como ajudo?']);
	expect(await runsIn(database, id)).toMatchObject([{ revision: 1 }]);
});

test('whoever is given the conversation has it', async () => {
	await publishFlow(database, bakery, [keyword('menu')]);
	const { id, phone } = await customerWrites(database, 'menu');
	await works(database, id);
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('caio')})`);
	await says(phone, '1');
	await works(database, id);
	expect(await ownerOf(id)).toMatchObject({ owner: 'human' });
	expect(await runsIn(database, id)).toMatchObject([{ outcome: 'taken_over' }]);
	expect((await saidIn(database, id)).at(-1)).toBe('contact: 1');
});

test('what is marked as spam, or closed, hears no bot any more', async () => {
	await publishFlow(database, bakery, [keyword('menu')]);
	for (const [put, outcome] of [
		[(id: string) => database.as('ana', (sql) => sql`select public.mark_spam(${id}, true)`), 'taken_over'],
		[(id: string) => database.as('ana', (sql) => sql`select public.close_conversation(${id})`), 'closed']
	] as const) {
		const { id } = await customerWrites(database, 'menu');
		await works(database, id);
		await put(id);
		expect(await ownerOf(id)).toMatchObject({ owner: 'human', owner_epoch: 2, waits: false });
		expect(await runsIn(database, id)).toMatchObject([{ status: 'ended', outcome }]);
	}
});

test('what nobody answers goes its way when its time is over, by a job of its own', async () => {
	await publishFlow(
		database,
		{
			nodes: [
				{ ...menu, timeout: 60 },
				{ id: 't', type: 'message', text: 'Até logo!' },
				{ id: 'e', type: 'end', close: true }
			],
			lines: ['s > menu', 'menu:timeout > t', 't > e']
		},
		[{ type: 'first_message' }]
	);
	const { id } = await customerWrites(database, 'oi');
	await works(database, id);
	const jobs = await callsFor(database, id);
	expect(jobs.at(-1)?.run_at.getTime()).toBeCloseTo(Date.now() + 60_000, -4);
	expect(await works(database, id)).toBe(0);
	await database.owner`
		update public.flow_runs set state = jsonb_set(state, '{waiting,until}', '1') where conversation_id = ${id}`;
	await works(database, id);
	expect((await saidIn(database, id)).at(-1)).toBe('bot: Até logo!');
	expect(await ownerOf(id)).toMatchObject({ status: 'closed' });
	expect(await runsIn(database, id)).toMatchObject([{ outcome: 'completed' }]);
});

test('what can not be sent is not half said: a person gets the conversation', async () => {
	await publishFlow(
		database,
		{
			nodes: [
				{ id: 'm', type: 'message', text: 'Veja:' },
				{
					id: 'f',
					type: 'media',
					kind: 'image',
					path: `${uuid('oficina')}/uploads/x/y.png`,
					mime_type: 'image/png',
					size: 10
				}
			],
			lines: ['s > m', 'm > f']
		},
		[keyword('foto')]
	);
	const { id } = await customerWrites(database, 'foto');
	await works(database, id);
	expect(await saidIn(database, id)).toEqual(['contact: foto']);
	expect(await runsIn(database, id)).toMatchObject([{ outcome: 'failed', fault: 'media_not_found' }]);
	expect(await ownerOf(id)).toMatchObject({ owner: 'human', waits: true });
});

test('a run keeps the version that it began with', async () => {
	const flow = await publishFlow(database, bakery, [keyword('menu')]);
	const { id, phone } = await customerWrites(database, 'menu');
	await works(database, id);
	await database.as('sofia', async (sql) => {
		const draft = { format: 1, nodes: [{ id: 's', type: 'start' }], edges: [], variables: [] };
		await sql`select public.save_flow(${uuid('padaria')}, ${flow}, 'Outro', ${JSON.stringify(draft)}::text::jsonb, 1)`;
		await sql`select public.publish_flow(${flow}, 2)`;
	});
	await says(phone, '1');
	await works(database, id);
	expect((await saidIn(database, id)).slice(-2)).toEqual(['bot: Das 6h às 20h.', 'bot: Olá! Como ajudo?']);
});

test('a version that this worker can not read leaves nobody without an answer', async () => {
	const flow = await publishFlow(database, { nodes: [{ id: 'm', type: 'telepathy' }], lines: ['s > m'] }, [
		keyword('x')
	]);
	const { id } = await customerWrites(database, 'x');
	await works(database, id);
	expect(await runsIn(database, id)).toMatchObject([{ outcome: 'failed', fault: 'flow_invalid' }]);
	expect(await ownerOf(id)).toMatchObject({ owner: 'human', waits: true });
	expect(flow).toBeDefined();
});

test('a tag and an event start what waits for them; a person starts and stops what they like', async () => {
	const [tag] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color, position) values (${uuid('padaria')}, 'VIP', 'blue', 1) returning id`;
	const tagged = await publishFlow(database, bakery, [
		{ type: 'tag', tags: [tag?.id] },
		{ type: 'event', event: 'pedido.pronto' }
	]);
	const one = await customerWrites(database);
	await database.as(
		'caio',
		(sql) => sql`select public.tag_conversation(${one.id}, ${[String(tag?.id)]}::uuid[], '{}')`
	);
	await works(database, one.id);
	expect((await saidIn(database, one.id)).at(-1)).toBe('bot: Olá! Como ajudo?');

	const other = await customerWrites(database);
	await database.as('caio', (sql) => sql`select public.send_flow_event(${other.id}, 'pedido.pronto', '{"numero": 7}')`);
	await works(database, other.id);
	expect((await saidIn(database, other.id)).at(-1)).toBe('bot: Olá! Como ajudo?');

	await database.as('caio', (sql) => sql`select public.stop_flow(${other.id})`);
	expect(await ownerOf(other.id)).toMatchObject({ owner: 'human', waits: true });
	await database.as('caio', (sql) => sql`select public.start_flow(${other.id}, ${tagged})`);
	await works(database, other.id);
	expect((await saidIn(database, other.id)).filter((line) => line.startsWith('bot'))).toHaveLength(2);
});
