import { beforeAll, describe, expect, test } from 'vitest';
import { useDatabase } from '../database.ts';
import { uuid } from '../people.ts';
import { answer, customerWrites, refusal } from '../threads.ts';
import { find, shown, type Found } from './search.ts';

const database = useDatabase();

const said = [
	'Vocês têm promoções de pão hoje?',
	'Qual é o endereço da padaria?',
	'I am running late, sorry',
	'Meu CPF mudou, o telefone novo é (11) 98765-4321',
	'Me liga no +55 21 3344 5566',
	'Queria um bolo de cenoura com cobertura',
	'O bolo chegou, a cenoura não',
	'Escreva para bia.souza@exemplo.com.br',
	'<b>negrito</b> & "aspas"',
	'A entrega atrasou de novo, que decepção'
];
const conversations = new Map<string, string>();
beforeAll(async () => {
	for (const text of said) conversations.set(text, (await customerWrites(database, text)).id);
});

const texts = (found: Found) => found.messages.map(({ text }) => shown(text).replace(/[[\]]/g, ''));
const look = async (query: string) => texts(await find(database, 'ana', query));

describe('a message is found', () => {
	test.each([
		['promocao', 'Vocês têm promoções de pão hoje?'],
		['PROMOÇÃO', 'Vocês têm promoções de pão hoje?'],
		['pães', 'Vocês têm promoções de pão hoje?'],
		['enderecos', 'Qual é o endereço da padaria?'],
		['endereco padaria', 'Qual é o endereço da padaria?'],
		['running', 'I am running late, sorry'],
		['prom', 'Vocês têm promoções de pão hoje?'],
		['98765-4321', 'Meu CPF mudou, o telefone novo é (11) 98765-4321'],
		['8765', 'Meu CPF mudou, o telefone novo é (11) 98765-4321'],
		['1198765', 'Meu CPF mudou, o telefone novo é (11) 98765-4321'],
		['(11) 98765 4321', 'Meu CPF mudou, o telefone novo é (11) 98765-4321'],
		['4455', 'Me liga no +55 21 3344 5566'],
		['bia.souza@exemplo.com.br', 'Escreva para bia.souza@exemplo.com.br'],
		['souza@ex', 'Escreva para bia.souza@exemplo.com.br'],
		['decepcao', 'A entrega atrasou de novo, que decepção']
	])('by %s', async (query, text) => {
		expect(await look(query)).toEqual([text]);
	});
});

test('what every sentence has need not be there; in quotes, everything must, in that order', async () => {
	expect((await look('bolo de cenoura')).sort()).toEqual([
		'O bolo chegou, a cenoura não',
		'Queria um bolo de cenoura com cobertura'
	]);
	expect(await look('"bolo de cenoura"')).toEqual(['Queria um bolo de cenoura com cobertura']);
	expect(await look('"BOLO DE CENOURÁ')).toEqual(['Queria um bolo de cenoura com cobertura']);
	expect(await look('"cenoura de bolo"')).toEqual([]);
});

test('a minus leaves out', async () => {
	expect(await look('bolo -cobertura')).toEqual(['O bolo chegou, a cenoura não']);
	expect(await look('bolo -"bolo de"')).toEqual(['O bolo chegou, a cenoura não']);
	expect(await refusal(find(database, 'ana', '-'))).toBe('422 search_empty');
	expect(await refusal(find(database, 'ana', ' ?! '))).toBe('422 search_empty');
});

test('hits are marked, whatever their accents, and nothing of the text is taken for markup', async () => {
	const text = async (query: string) => shown((await find(database, 'ana', query)).messages[0]?.text ?? '');
	expect(await text('promocao pao')).toBe('Vocês têm [promoções] de [pão] hoje?');
	expect(await text('8765')).toBe('Meu CPF mudou, o telefone novo é (11[) 98765-4321]'.replace('(11[)', '([11)'));
	expect(await text('negri')).toBe('<b>[negrito]</b> & "aspas"');
	await customerWrites(database, 'privado \uE000injetado\uE001 marcado');
	expect(await text('privado')).toBe('[privado] injetado marcado');
});

test('a long message is cut to what stands around the hit', async () => {
	await customerWrites(database, `${'lorem '.repeat(200)} agulha ${'ipsum '.repeat(200)}`);
	const { messages } = await find(database, 'ana', 'agulha');
	const text = shown(messages[0]?.text ?? '');
	expect(text).toContain('[agulha]');
	expect(text.length).toBeLessThan(230);
	expect(text).toMatch(/^…lorem|^….*…$/);
});

test('nobody finds by any spelling what breaks a query', async () => {
	for (const query of [
		`'`,
		`a'b`,
		'\\',
		`"'\\`,
		'a & b | !c',
		':*',
		'<->',
		'%',
		'_',
		'((',
		'x'.repeat(5_000),
		'- - -'
	]) {
		const outcome = await refusal(find(database, 'ana', query));
		expect(['not refused', '422 search_empty'], query).toContain(outcome);
	}
});

describe('who sees what', () => {
	test('an agent finds what they see in the list, and nothing of a colleague’s', async () => {
		const { id } = await customerWrites(database, 'segredo nenhum');
		expect((await find(database, 'caio', 'segredo')).messages).toHaveLength(1);
		await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`);
		expect((await find(database, 'caio', 'segredo')).messages).toHaveLength(0);
		expect((await find(database, 'duda', 'segredo')).messages).toHaveLength(1);
		expect((await find(database, 'sofia', 'segredo')).messages).toHaveLength(1);
		expect((await find(database, 'vera', 'segredo')).messages).toHaveLength(1);
	});

	test('a private note is found by those who see its conversation, and by nobody else', async () => {
		const { id } = await customerWrites(database, 'Oi');
		await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`);
		await database.as(
			'duda',
			(sql) =>
				sql`select public.add_note(${id}, gen_random_uuid(), ${JSON.stringify({ text: 'cliente inadimplente', mentions: [] })}::text::jsonb)`
		);
		expect((await find(database, 'duda', 'inadimplente')).messages[0]).toMatchObject({
			kind: 'note',
			conversation_id: id
		});
		expect((await find(database, 'caio', 'inadimplente')).messages).toEqual([]);
		expect((await find(database, 'gabi', 'inadimplente', { company: 'oficina' })).messages).toEqual([]);
	});

	test('another company’s people find nothing, and are told that it isn’t there', async () => {
		expect(await refusal(find(database, 'edu', 'bolo'))).toBe('404 tenant_not_found');
		expect(await refusal(find(database, 'aline', 'bolo'))).toBe('403 not_allowed');
		expect((await find(database, 'edu', 'bolo', { company: 'oficina' })).messages).toEqual([]);
	});

	test('where nobody may pick, what is nobody’s is not found', async () => {
		await customerWrites(database, 'invisivelmente');
		await database.as('ana', (sql) => sql`update public.tenants set agents_pick = false`);
		expect((await find(database, 'caio', 'invisivelmente')).messages).toEqual([]);
		await database.as('ana', (sql) => sql`update public.tenants set agents_pick = true`);
		expect((await find(database, 'caio', 'invisivelmente')).messages).toHaveLength(1);
	});
});

test('pages follow one another without holes or repeats, newest first', async () => {
	for (let n = 0; n < 12; n++) await customerWrites(database, `fornada ${n}`);
	const seen: string[] = [];
	let after: Found['next'] = null;
	do {
		const found: Found = await find(database, 'ana', 'fornada', { after, most: 5 });
		seen.push(...texts(found));
		if (after) expect([found.people, found.conversations]).toEqual([[], []]);
		after = found.next;
	} while (after);
	expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `fornada ${11 - n}`));
});

test('messages that came in one moment are all found, page by page', async () => {
	const { id } = await customerWrites(database, 'junto 0');
	for (let n = 1; n < 5; n++) await answer(database, 'ana', id, `junto ${n}`);
	await database.owner`update public.messages set created_at = now() where conversation_id = ${id}`;
	const seen: string[] = [];
	let after: Found['next'] = null;
	do {
		const found: Found = await find(database, 'ana', 'junto', { after, most: 2 });
		seen.push(...texts(found));
		after = found.next;
	} while (after);
	expect(seen.sort()).toEqual(Array.from({ length: 5 }, (_, n) => `junto ${n}`));
});

test('filters narrow: channel, assignee, period, one conversation', async () => {
	const { id } = await customerWrites(database, 'filtravel um');
	const other = await customerWrites(database, 'filtravel dois');
	await database.as('sofia', (sql) => sql`select public.assign_conversation(${id}, ${uuid('duda')})`);
	const count = async (filters: Record<string, string | null>) =>
		(await find(database, 'ana', 'filtravel', { filters })).messages.map(({ conversation_id }) => conversation_id);
	expect(await count({ assignee_id: uuid('duda') })).toEqual([id]);
	expect(await count({ assignee_id: 'none' })).toEqual([other.id]);
	expect(await count({ conversation_id: id })).toEqual([id]);
	expect(await count({ channel_id: uuid('padaria channel') })).toHaveLength(2);
	expect(await count({ channel_id: uuid('oficina channel') })).toEqual([]);
	expect(await count({ from: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
	expect(await count({ to: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([]);
	expect(await count({ from: new Date(Date.now() - 3_600_000).toISOString(), channel_id: null })).toHaveLength(2);
});

test('what was taken back is no longer found', async () => {
	const { id } = await customerWrites(database, 'arrependido');
	await database.owner`update public.messages set revoked_at = now() where conversation_id = ${id}`;
	expect((await find(database, 'ana', 'arrependido')).messages).toEqual([]);
});
