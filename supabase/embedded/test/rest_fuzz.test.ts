import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRestProject, type RestProject } from './rest_project.ts';

let project: RestProject;
beforeAll(async () => {
	project = await startRestProject(`
		create table clients (id int primary key, name text, j jsonb);
		create table projects (id int primary key, name text, tags text[], client_id int references clients);
		insert into clients values (1, 'a', '{"x":[1,2]}'), (2, 'b', null);
		insert into projects values (1, 'p', '{a,b}', 1), (2, 'q', null, null);
	`);
});
afterAll(() => project.stop());

const name = fc.constantFrom(
	'id',
	'name',
	'j',
	'clients',
	'projects',
	'tags',
	'client_id',
	'nope',
	'*',
	'"a b"',
	'or',
	'not',
	'constructor',
	'__proto__'
);
const path = fc.constantFrom(
	'',
	'',
	'->x',
	'->>x',
	'->0',
	'->-1',
	`->'x'`,
	'->>"a\'b"',
	'::text',
	'::int',
	'::text; drop table projects',
	'.sum()',
	'->'
);
const value = fc.oneof(
	fc.constantFrom('1', 'a', 'null', '{1,2}', '(1,2)', '"a,b"', '%', "'", '\\', '$1', '$$', '--', '/*', '1) or (1=1'),
	fc.string({ unit: 'grapheme', maxLength: 8 })
);
const operator = fc.constantFrom(
	'eq',
	'neq',
	'gt',
	'like',
	'ilike',
	'in',
	'is',
	'cs',
	'ov',
	'eq',
	'gt',
	'in',
	'is',
	'fts',
	'wfts(simple)',
	'not.eq',
	'eq(any)',
	'match',
	'isdistinct',
	'constructor',
	'nope',
	'toString'
);
const filter = fc.tuple(operator, value).map(([o, v]) => `${o}.${v}`);
const condition = fc.tuple(name, path, filter).map((parts) => `${parts[0]}${parts[1]}.${parts[2]}`);
const item = fc.tuple(fc.constantFrom('', 'x:', '...', 'x y:'), name, path).map((parts) => parts.join(''));
const embed = fc
	.tuple(
		fc.constantFrom('', 'e:', '...'),
		fc.constantFrom('clients', 'projects', 'client_id', 'nope'),
		fc.constantFrom('', '!inner', '!left', '!client_id'),
		fc.array(item, { maxLength: 3 })
	)
	.map(([alias, relation, hint, items]) => `${alias}${relation}${hint}(${items.join(',')})`);
const select = fc
	.array(fc.oneof(item, embed), { maxLength: 4 })
	.map((items): [string, string] => ['select', items.join(',')]);
const where = fc.tuple(
	fc.tuple(name, path).map((parts) => parts.join('')),
	filter
);
const logic = fc.tuple(
	fc.constantFrom('or', 'and', 'not.or', 'projects.or'),
	fc.array(condition, { maxLength: 3 }).map((list) => `(${list.join(',')})`)
);
const order = fc.tuple(
	fc.constantFrom('order', 'clients.order'),
	fc.tuple(name, path, fc.constantFrom('', '.asc', '.desc.nullslast', '.nope', '(name)')).map((parts) => parts.join(''))
);
const limit = fc.tuple(
	fc.constantFrom('limit', 'offset', 'projects.limit'),
	fc.constantFrom('0', '1', '-1', 'x', '99999999999999999999')
);
const query = fc.array(fc.oneof(select, where, logic, order, limit), { maxLength: 5 });

describe('any query', () => {
	it('is answered or refused in PostgREST’s form, and never reaches Postgres as broken SQL', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom('clients', 'projects'), query, async (table, params) => {
				const { status, json, text } = await project.rest(`${table}?${new URLSearchParams(params)}`);
				if (status < 300) return;
				expect(json, text).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
				const { code } = json as { code: string };
				expect({ code, status, text }).not.toMatchObject({ status: 500 });
				expect(code, text).not.toMatch(/^(42601|42P02|08P01|XX)/); // syntax error, unknown parameter, broken wire, internal
			}),
			{ numRuns: 1_500 }
		);
		expect(await project.sql`select id from projects order by id`).toEqual([{ id: 1 }, { id: 2 }]);
	});

	// supabase-js's own .in() quotes commas and brackets, and forgets the quotes within
	const escape = (text: string) => text.replace(/["\\]/g, '\\$&');

	it('and any text is found again as it was written', async () => {
		await project.sql`create table words (id int primary key, word text)`;
		await expect.poll(async () => (await project.rest('words')).status).toBe(200);
		const word = fc
			.string({ unit: 'grapheme', maxLength: 12 })
			.filter((text) => !text.includes('\0') && text.isWellFormed());
		await fc.assert(
			fc.asyncProperty(word, async (text) => {
				const client = project.client();
				const { error } = await client.from('words').upsert({ id: 1, word: text });
				expect(error).toBeNull();
				for (const found of [
					client.from('words').select('word').eq('word', text),
					client
						.from('words')
						.select('word')
						.filter('word', 'in', `("${escape(text)}",another)`),
					client
						.from('words')
						.select('word')
						.or(`word.eq."${escape(text)}"`)
				])
					expect(await found).toMatchObject({ error: null, data: [{ word: text }] });
			}),
			{ numRuns: 150 }
		);
	});
});
