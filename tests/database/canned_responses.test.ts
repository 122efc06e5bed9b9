import { randomUUID } from 'node:crypto';
import { chooseVariant } from '@prosa/core/canned/choose.ts';
import { faultOf } from '@prosa/core/canned/template.ts';
import { expect, test } from 'vitest';
import { useDatabase } from './database.ts';
import { delivery, receive, textFrom } from './deliveries.ts';
import { uuid, type Person } from './people.ts';
import { answer, customerWrites, refusal, refusalDetail } from './threads.ts';

const database = useDatabase();

interface Response {
	id: string;
	published_version: number;
	scope: string;
	owner_id: string | null;
}

const words = (shortcut: string, ...texts: string[]) => ({
	shortcut,
	title: 'Horário',
	scope: 'shared',
	variants: texts.map((text) => ({ channel_type: null, weight: 1, text }))
});

async function save(person: Person, response: object, id: string = randomUUID()): Promise<Response> {
	const [row] = await database.as(
		person,
		(sql) => sql<Response[]>`
			select * from public.save_canned_response(${uuid('padaria')}, ${id}, ${JSON.stringify(response)}::text::jsonb)`
	);
	if (!row) throw new Error('save_canned_response gave no row');
	return row;
}

const textsOf = async (person: Person, id: string, version: number) =>
	(
		await database.as(
			person,
			(sql) => sql<{ text: string }[]>`
				select text from public.canned_response_variants where response_id = ${id} and version = ${version} order by position`
		)
	).map(({ text }) => text);

test('changed words become the next version, and the earlier ones stay to be restored', async () => {
	const { id, published_version } = await save('sofia', words('horario', 'Abrimos às 6h.'));
	expect(published_version).toBe(1);
	expect((await save('sofia', words('horario', 'Abrimos às 6h.'), id)).published_version).toBe(1);
	expect((await save('ana', { ...words('horario', 'Abrimos às 7h.'), title: 'Abertura' }, id)).published_version).toBe(
		2
	);
	const restore = () =>
		database.as('sofia', (sql) => sql<Response[]>`select * from public.restore_canned_response(${id}, 1)`);
	expect((await restore())[0]?.published_version).toBe(3);
	expect(await textsOf('caio', id, 3)).toEqual(['Abrimos às 6h.']);
	expect(await textsOf('caio', id, 2)).toEqual(['Abrimos às 7h.']);
	const history = await database.as(
		'caio',
		(sql) =>
			sql`select version, restored_from, created_by from public.canned_response_versions where response_id = ${id} order by version`
	);
	expect(history.map((row) => [row['version'], row['restored_from'], row['created_by']])).toEqual([
		[1, null, uuid('sofia')],
		[2, null, uuid('ana')],
		[3, 1, uuid('sofia')]
	]);
});

test('everybody keeps private ones; those for all belong to whoever manages them', async () => {
	const mine = await save('caio', { ...words('meu', 'Já volto!'), scope: 'private' });
	expect(mine.owner_id).toBe(uuid('caio'));
	const seen = (person: Person) =>
		database.as(person, (sql) => sql`select id from public.canned_responses where id = ${mine.id}`);
	expect([(await seen('caio')).length, (await seen('duda')).length, (await seen('ana')).length]).toEqual([1, 0, 0]);
	expect(await refusal(save('caio', words('todos', 'Oi')))).toBe('403 not_allowed');
	expect(await refusal(save('vera', { ...words('v', 'Oi'), scope: 'private' }))).toBe('403 not_allowed');
	expect(await refusal(save('duda', { ...words('meu', 'Roubada'), scope: 'private' }, mine.id))).toBe(
		'404 canned_response_not_found'
	);
	// The same shortcut for oneself does not trouble a colleague's.
	await save('duda', { ...words('meu', 'Um instante'), scope: 'private' });
});

test("a team's responses are seen by the team and by whoever manages them", async () => {
	const { id } = await save('sofia', {
		...words('equipe', 'Vendas aqui'),
		scope: 'team',
		team_id: uuid('padaria team')
	});
	const seen = async (person: Person) =>
		(await database.as(person, (sql) => sql`select id from public.canned_responses where id = ${id}`)).length;
	expect([await seen('duda'), await seen('caio'), await seen('sofia')]).toEqual([1, 0, 1]);
	const foreign = { ...words('x', 'Oi'), scope: 'team', team_id: uuid('oficina team') };
	expect(await refusal(save('sofia', foreign))).toBe('404 team_not_found');
});

test('a shortcut is one response; one that was put away gives it back', async () => {
	const { id } = await save('sofia', words('pix', 'A chave é…'));
	expect(await refusal(save('sofia', words('pix', 'Outra')))).toBe('409 canned_shortcut_taken');
	const archive = (archived: boolean) =>
		database.as('sofia', (sql) => sql`select * from public.archive_canned_response(${id}, ${archived})`);
	await archive(true);
	await save('sofia', words('pix', 'Outra'));
	expect(await refusal(archive(false))).toBe('409 canned_shortcut_taken');
});

test.each([
	['shortcut', { ...words('Com Espaço', 'Oi') }],
	['title', { ...words('a', 'Oi'), title: ' ' }],
	['variants', { ...words('a') }],
	['text', { ...words('a', ' ') }],
	['weight', { ...words('a'), variants: [{ text: 'Oi', weight: 101 }] }],
	['weight', { ...words('a'), variants: [{ text: 'Oi', weight: 'muito' }] }],
	['variable_unknown', { ...words('a', 'Oi {{contact.nome}}') }],
	['variable_unclosed', { ...words('a', 'Oi {{contact.name') }]
])('what is not whole is refused by its part: %s', async (part, response) => {
	expect(await refusalDetail(save('sofia', response))).toBe(part);
});

test('the database finds in a text what the editor finds in it', async () => {
	const bits = [
		'{{',
		'}}',
		'{',
		'|',
		'oi',
		' ',
		'\n',
		'{{contact.name}}',
		'{{ greeting |x}}',
		'{{contact.nome}}',
		'{{contact_attribute.a_1}}',
		'{{contact_attribute.}}'
	];
	let seed = 3;
	const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
	const texts = Array.from({ length: 2_000 }, () =>
		Array.from({ length: 1 + next(6) }, () => bits[next(bits.length)]).join('')
	);
	const rows = await database.owner<{ fault: string | null }[]>`
		select private.canned_fault(t.text) as fault from unnest(${texts}::text[]) with ordinality as t (text, place) order by place`;
	const differing = texts.filter((text, index) => (rows[index]?.fault === null) !== (faultOf(text) === null));
	expect(differing).toEqual([]);
	expect(rows.filter(({ fault }) => fault === null).length).toBeGreaterThan(200);
});

test('which text a message was made of is kept, and what came of it is counted', async () => {
	const { id } = await save('sofia', words('ab', 'Texto A', 'Texto B'));
	const variants = await database.owner<{ id: string }[]>`
		select id from public.canned_response_variants where response_id = ${id} order by position`;
	const [a, b] = variants.map((variant) => variant.id) as [string, string];
	const use = async (variant: string, answered: boolean) => {
		const { id: conversation, phone } = await customerWrites(database);
		const clientId = randomUUID();
		await answer(database, 'caio', conversation, 'Texto', { clientId });
		const note = () =>
			database.as(
				'caio',
				(sql) => sql`select public.note_canned_use(${uuid('padaria')}, ${clientId}, ${[variant]}::uuid[])`
			);
		await note();
		await note();
		if (answered) await receive(database.door, [delivery([textFrom(phone, 'Obrigada!')])]);
		return conversation;
	};
	const first = await use(a, true);
	await use(a, false);
	await use(b, false);
	await database.as('caio', (sql) => sql`select public.close_conversation(${first})`);

	const results = await database.as('sofia', (sql) => sql`select * from public.canned_response_results(${id})`);
	expect(
		results.map((row) => [row['variant_id'], row['uses'], row['settled'], row['replied'], row['resolved']])
	).toEqual([
		[a, '2', '1', '1', '1'],
		[b, '1', '0', '0', '0']
	]);
	expect(results[0]?.['median_reply_seconds']).toBeGreaterThanOrEqual(0);

	// A text that goes on unchanged keeps what it has earned; one that is written anew begins at none.
	await save('sofia', words('ab', 'Texto A', 'Texto C'), id);
	const later = await database.as('sofia', (sql) => sql`select * from public.canned_response_results(${id})`);
	expect(later.map((row) => row['uses'])).toEqual(['2', '0']);

	const ranks = await database.as('caio', (sql) => sql`select * from public.my_canned_uses(${uuid('padaria')})`);
	expect(ranks.find((row) => row['response_id'] === id)?.['uses']).toBe('3');
	expect(await refusal(database.as('caio', (sql) => sql`select * from public.canned_response_results(${id})`))).toBe(
		'403 not_allowed'
	);
});

test("another company's text is never counted as used here", async () => {
	const { id: conversation } = await customerWrites(database);
	const clientId = randomUUID();
	await answer(database, 'caio', conversation, 'Oi', { clientId });
	const [foreign] = await database.as(
		'silvia',
		(sql) => sql<Response[]>`
			select * from public.save_canned_response(${uuid('oficina')}, gen_random_uuid(), ${JSON.stringify(words('oi', 'Oi'))}::text::jsonb)`
	);
	const [variant] =
		await database.owner`select id from public.canned_response_variants where response_id = ${foreign?.id ?? ''}`;
	await database.as(
		'caio',
		(sql) => sql`select public.note_canned_use(${uuid('padaria')}, ${clientId}, ${[variant?.['id']]}::uuid[])`
	);
	const uses = await database.owner`select from public.canned_response_uses where variant_id = ${variant?.['id']}`;
	expect(uses).toHaveLength(0);
});

test('versions and their texts can’t be changed by anybody who signs in', async () => {
	const { id } = await save('sofia', words('fixo', 'Para sempre'));
	const change = (statement: string) => refusal(database.as('ana', (sql) => sql.unsafe(statement)));
	expect(await change(`update public.canned_response_variants set text = 'x' where response_id = '${id}'`)).toContain(
		'42501'
	);
	expect(await change(`delete from public.canned_response_versions where response_id = '${id}'`)).toContain('42501');
});

test('what a macro or a rule sends counts as a use, by whoever ran it, and is the text the composer would have chosen', async () => {
	const { id } = await save('sofia', {
		...words('macro', 'Texto A', 'Texto B'),
		variants: [
			{ channel_type: null, weight: 1, text: 'Texto A {{contact.first_name|você}}' },
			{ channel_type: null, weight: 3, text: 'Texto B {{contact.first_name|você}}' },
			{ channel_type: 'instagram', weight: 9, text: 'Só no Instagram' }
		]
	});
	const variants = await database.owner<{ id: string; channel_type: string | null; weight: number; text: string }[]>`
		select id, channel_type, weight, text from public.canned_response_variants where response_id = ${id} order by position`;
	const conversations = await Promise.all(Array.from({ length: 12 }, () => customerWrites(database)));
	await database.as(
		'caio',
		(sql) =>
			sql`select public.perform_actions(${conversations.map((one) => one.id)}, ${JSON.stringify([{ type: 'send_canned', canned: id }])}::text::jsonb)`
	);
	const uses = await database.owner<{ conversation_id: string; variant_id: string; user_id: string; body: string }[]>`
		select u.conversation_id, u.variant_id, u.user_id, m.body
		from public.canned_response_uses u join public.messages m on m.id = u.message_id
		where u.variant_id = any (${variants.map((variant) => variant.id)})`;
	expect(uses).toHaveLength(12);
	for (const use of uses) {
		const chosen = chooseVariant(variants, 'whatsapp', use.conversation_id, id);
		expect([use.variant_id, use.user_id]).toEqual([chosen?.id, uuid('caio')]);
		expect(use.body.startsWith(chosen?.text.slice(0, 7) ?? '?')).toBe(true);
	}
});

test('a thousand conversations get the same text from the database as in the composer, at rest or not', async () => {
	const { id: conversationId } = await customerWrites(database);
	const pairs = Array.from({ length: 1_000 }, () => [randomUUID(), randomUUID()] as const);
	const rows = await database.owner<{ portion: number }[]>`
		select private.portion_of(p.response || ':' || p.conversation) as portion
		from unnest(${pairs.map(([response]) => response)}::text[], ${pairs.map(([, conversation]) => conversation)}::text[])
			with ordinality as p (response, conversation, place)
		order by p.place`;
	const two = [
		{ id: 'a', channel_type: null, weight: 50, text: 'a' },
		{ id: 'b', channel_type: null, weight: 50, text: 'b' }
	];
	const differing = pairs.filter(
		([response, conversation], at) =>
			(rows[at]?.portion ?? 0) < 0.5 !== (chooseVariant(two, 'whatsapp', conversation, response)?.id === 'a')
	);
	expect(differing).toEqual([]);

	const { id } = await save('sofia', {
		...words('repouso'),
		variants: [
			{ channel_type: null, weight: 0, text: 'Em repouso A' },
			{ channel_type: null, weight: 0, text: 'Em repouso B' }
		]
	});
	const [chosen] = await database.owner<{ text: string }[]>`
		select (private.canned_variant(c, ${id}, null)).text from public.conversations c where c.id = ${conversationId}`;
	expect(chosen?.text).toBe('Em repouso A');
});

test('a table is tried without a trace, then saved; what is refused holds nothing else up', async () => {
	await save('sofia', { ...words('tabela-1', 'Antigo'), title: 'Um' });
	const row = (shortcut: string, text: string, scope = 'shared') => ({ ...words(shortcut, text), title: 'Um', scope });
	const table = [
		row('tabela-1', 'Novo'),
		row('tabela-2', 'Dois'),
		row('tabela-3', 'Três {{contact.nome}}'),
		row('Com Espaço', 'Quatro'),
		row('tabela-5', 'Cinco', 'private')
	];
	const imports = async (person: Person, dry: boolean) => {
		const [answer] = await database.as(
			person,
			(sql) => sql<{ results: { outcome: string; code?: string; detail?: string }[] }[]>`
				select public.import_canned_responses(${uuid('padaria')}, ${JSON.stringify(table)}::text::jsonb, ${dry}) as results`
		);
		return answer?.results.map(({ outcome, code, detail }) => [outcome, code, detail].filter(Boolean).join(' '));
	};
	const told = [
		'updated',
		'created',
		'refused canned_response_invalid variable_unknown',
		'refused canned_response_invalid shortcut',
		'created'
	];
	const count = async () =>
		(await database.owner`select from public.canned_responses where shortcut like 'tabela-%'`).length;
	expect(await imports('sofia', true)).toEqual(told);
	expect(await count()).toBe(1);
	expect(await imports('sofia', false)).toEqual(told);
	expect(await count()).toBe(3);
	expect((await imports('sofia', false))?.slice(0, 2)).toEqual(['unchanged', 'unchanged']);
	// An agent keeps their own, and what is everybody's is refused by the line.
	expect((await imports('caio', false))?.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
		'refused not_allowed',
		'refused not_allowed',
		'refused not_allowed',
		'refused not_allowed',
		'created'
	]);
});
