import type { Sql, Transaction } from '../database.ts';
import { REFUSED, tryAs, type Cell } from './cell.ts';
import { reaches, type Reach, type TableRow } from './matrix.ts';
import { EVERYBODY, LABELS, type Somebody } from './names.ts';

/** The cells of a table or view: what each person sees of it, and what comes of writing it. */
export async function tableCells(owner: Sql, name: string, row: TableRow): Promise<Cell[]> {
	const object = name.includes('.') ? name : `public.${name}`;
	const labelsWhere = (condition: string) =>
		`select distinct ${row.label}::text from ${object} where ${condition} order by 1`;
	const read = async (sql: Pick<Transaction, 'unsafe'>, condition: string) =>
		(await sql.unsafe(labelsWhere(condition)).values()).map(([id]) => nameOf(id)).sort();
	const rows = await read(owner, 'true');

	const expected = (somebody: Somebody, reach: Reach) =>
		somebody.name === 'visitor' ? REFUSED : JSON.stringify(rows.filter((name) => isReached(somebody, reach, name)));
	const refused = (somebody: Somebody, verb: string, statement: string): Cell => ({
		object,
		name: `${somebody.name} ${verb} ${object}`,
		expected: REFUSED,
		ask: (sql) => tryAs(sql, somebody, async () => String((await sql.unsafe(statement)).count))
	});

	return EVERYBODY.flatMap((somebody): Cell[] => [
		{
			object,
			name: `${somebody.name} sees of ${object}`,
			expected: expected(somebody, row.sees),
			ask: (sql) => tryAs(sql, somebody, async () => JSON.stringify(await read(sql, 'true')))
		},
		...Object.entries(row.updates?.columns ?? {}).map(([column, value]): Cell => ({
			object,
			name: `${somebody.name} updates ${column} of ${object}`,
			expected: expected(somebody, row.updates?.who ?? row.sees),
			ask: (sql) =>
				tryAs(sql, somebody, async () => {
					// Blind: a statement that reads nothing is held by the update policies alone.
					await sql.unsafe(`update ${object} set ${column} = '${value}'`);
					await sql.unsafe('reset role');
					return JSON.stringify(await read(sql, `${column} = '${value}'`));
				})
		})),
		refused(somebody, 'inserts into', `insert into ${object} default values`),
		refused(somebody, 'deletes from', `delete from ${object}`),
		refused(somebody, 'truncates', `truncate ${object} cascade`),
		refused(somebody, `updates ${row.label} of`, `update ${object} set ${row.label} = default`)
	]);
}

function nameOf(id: unknown): string {
	const known = LABELS.get(String(id));
	return known ? `${known.company} ${known.label}` : 'of nobody';
}

function isReached(somebody: Somebody, reach: Reach, name: string): boolean {
	const [company, label] = name.split(' ');
	if (company !== 'padaria' && company !== 'oficina') return false;
	return reaches(reach, somebody.company, somebody.role, company, label ?? '');
}
