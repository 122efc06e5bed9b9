import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrayText, identifier, literal } from '../src/rest/quoting.ts';
import { startTestPostgres, type TestPostgres } from './embedded.ts';

let server: TestPostgres;
let sql: postgres.Sql;
beforeAll(async () => {
	server = await startTestPostgres();
	sql = postgres(server.url(), { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await sql.end();
	await server.stop();
});

/** Text that likes to break quoting, beside ordinary text in all scripts. */
const nasty = fc.stringMatching(/^['"\\$;(){},%*\-/ \n\t_aE0]*$/);
const text = fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const storable = (value: string) => value.split('\0')[0]?.toWellFormed() ?? '';

describe('text in a statement', () => {
	for (const conforming of ['on', 'off']) {
		it(`is read by Postgres as it was, with standard_conforming_strings ${conforming}`, async () => {
			await sql.unsafe(`set standard_conforming_strings = ${conforming}; set escape_string_warning = off`);
			await fc.assert(
				fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (values) => {
					const [row] = await sql.unsafe(`select array[${values.map(literal).join(',')}]::text[] as v`).simple();
					expect(row?.['v']).toEqual(values.map(storable));
				}),
				{ numRuns: 300 }
			);
			await sql.unsafe('set standard_conforming_strings = on');
		});
	}

	it('as a name is that one name and nothing more', async () => {
		const names = text.map(storable).filter((name) => name.length > 0 && Buffer.byteLength(name) <= 63);
		await fc.assert(
			fc.asyncProperty(names, async (name) => {
				const { columns } = await sql.unsafe(`select 1 as ${identifier(name)}`);
				expect(columns.map((column) => column.name)).toEqual([name]);
			}),
			{ numRuns: 300 }
		);
	});

	it('as an element of an array stays one element', async () => {
		const elements = text.map(storable);
		await fc.assert(
			fc.asyncProperty(fc.array(elements, { maxLength: 20 }), async (values) => {
				const [row] = await sql`select ${arrayText(values)}::text::text[] as v`;
				expect(row?.['v']).toEqual(values);
			}),
			{ numRuns: 300 }
		);
	});
});
