import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../../../core/src/text/fold.ts';
import { useDatabase } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';
import { find, shown } from './search.ts';

const database = useDatabase();

const customers = [
	{ phone: '5511987650001', name: 'José Antônio da Silva', username: null },
	{ phone: '5521987650002', name: 'Conceição Araújo', username: 'ceicao.araujo' },
	{ phone: '5531987650003', name: 'Ana Souza', username: null },
	{ phone: '351912345678', name: 'Mariana Ferreira', username: null }
];
beforeAll(async () => {
	for (const { phone, name, username } of customers) {
		await receive(database.door, [delivery([textFrom(phone, 'Olá', { name, username })])]);
	}
	await database.owner`update public.contacts set attributes = '{"email": "jose@padoca.com.br"}' where name like 'José%'`;
});
const names = async (query: string) => (await find(database, 'ana', query)).people.map(({ name }) => name);

describe('a person is found', () => {
	test.each([
		['jose', 'José Antônio da Silva'],
		['JOSÉ SILVA', 'José Antônio da Silva'],
		['silva jose', 'José Antônio da Silva'],
		['concei', 'Conceição Araújo'],
		['ceicao.araujo', 'Conceição Araújo'],
		['@ceicao', 'Conceição Araújo'],
		['jose@padoca.com', 'José Antônio da Silva'],
		['987650003', 'Ana Souza'],
		['(31) 98765-0003', 'Ana Souza'],
		['+55 31 98765-0003', 'Ana Souza'],
		['31 8765 0003', 'Ana Souza'],
		['0003', 'Ana Souza'],
		['912 345 678', 'Mariana Ferreira'],
		['an so', 'Ana Souza'],
		['Conseição', 'Conceição Araújo']
	])('by %s', async (query, name) => {
		expect(await names(query)).toEqual([name]);
	});
});

test('whose name begins with it stands before whose name only holds it', async () => {
	expect(await names('ana')).toEqual(['Ana Souza', 'Mariana Ferreira']);
});

test('a person comes with their conversations, and the hit in the name is marked', async () => {
	const { people, conversations } = await find(database, 'ana', 'araujo');
	expect(shown(people[0]?.text ?? '')).toBe('Conceição [Araújo]');
	expect(conversations.map(({ contact }) => contact.name)).toEqual(['Conceição Araújo']);
	expect(people[0]?.conversation_id).toBe(conversations[0]?.id);
});

test('a person of a colleague’s is found, for contacts are everybody’s, but not the conversation', async () => {
	await database.owner`
		update public.conversations set assignee_id = ${uuid('duda')}
		where contact_id = (select id from public.contacts where name = 'Ana Souza')`;
	const { people, conversations } = await find(database, 'caio', 'ana souza');
	expect(people).toMatchObject([{ name: 'Ana Souza', conversation_id: null }]);
	expect(conversations).toEqual([]);
});

test('people write their own data, and what they are found by follows', async () => {
	const [{ id } = { id: '' }] = await database.owner<
		{ id: string }[]
	>`select id from public.contacts where name like 'Mariana%'`;
	await database.as('caio', (sql) => sql`update public.contacts set name = 'Marilúcia' where id = ${id}`);
	expect(await names('marilucia')).toEqual(['Marilúcia']);
	expect(await names('mariana')).not.toContain('Mariana Ferreira');
});

test('the browser folds letters as the database does', async () => {
	const letters = [...'abcxyzABCXYZáàâãéêíóôõúüçñÁÀÂÃÉÊÍÓÔÕÚÜÇÑ 019'];
	const texts = fc.array(fc.constantFrom(...letters), { maxLength: 30 }).map((list) => list.join(''));
	await fc.assert(
		fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 50 }), async (list) => {
			const rows = await database.owner<{ words: string }[]>`
				select private.words_of(t) as words from unnest(${list}::text[]) with ordinality u (t, n) order by n`;
			expect(rows.map(({ words }) => words)).toEqual(list.map(fold));
		}),
		{ numRuns: 30 }
	);
});

test('any four digits of a number find it, however either is written', async () => {
	const separators = ['', ' ', '-', '.', ') ', ' - '];
	const written = fc
		.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...separators)), { minLength: 6, maxLength: 14 })
		.map((parts) => ({ text: parts.map(([d, s]) => `${d}${s}`).join(''), digits: parts.map(([d]) => d).join('') }));
	await fc.assert(
		fc.asyncProperty(written, fc.nat(), fc.nat(), fc.constantFrom(...separators), async (number, at, long, between) => {
			const from = at % (number.digits.length - 3);
			const length = 4 + (long % (number.digits.length - from - 3));
			const fragment = number.digits
				.slice(from, from + length)
				.split('')
				.join(between);
			const [row] = await database.owner<{ found: boolean; missed: boolean }[]>`
				select
					private.search_vector(${`Anote: ${number.text} obrigado`}) @@ (private.read_search(${fragment})).tsquery as found,
					private.search_vector(${`Anote: ${number.text} obrigado`}) @@ (private.read_search(${`${fragment}77777777777777`})).tsquery as missed`;
			expect(row).toEqual({ found: true, missed: false });
		}),
		{ numRuns: 60 }
	);
});

test('a word is found by itself with any accents put on or left out, in any case', async () => {
	const word = fc.stringMatching(/^[a-zçãõáéíóúâêô]{3,14}$/);
	await fc.assert(
		fc.asyncProperty(word, fc.boolean(), async (text, loud) => {
			const query = loud ? text.toUpperCase() : fold(text);
			const [row] = await database.owner<{ found: boolean }[]>`
				select private.search_vector(${`uma ${text}, talvez`}) @@ (private.read_search(${`${query} `})).tsquery as found`;
			expect(row?.found, `${text} by ${query}`).toBe(true);
		}),
		{ numRuns: 120 }
	);
});
