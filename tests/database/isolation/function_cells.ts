import { REFUSED, tryAs, type Cell } from './cell.ts';
import { reaches, type FunctionRow } from './matrix.ts';
import { COMPANIES, EVERYBODY, idOf } from './names.ts';

/** The cells of a function: what each person is told when they call it on each row of both companies. */
export function functionCells(name: string, row: FunctionRow): Cell[] {
	return EVERYBODY.flatMap((somebody) =>
		COMPANIES.flatMap((company) =>
			row.on.map((label): Cell => {
				const is = (reach: FunctionRow['does']) => reaches(reach, somebody.company, somebody.role, company, label);
				const statement = row.call((part) => idOf(company, label, part));
				return {
					object: `public.${name}`,
					name: `${somebody.name} calls ${name} on ${company} ${label}`,
					expected:
						somebody.name === 'visitor'
							? REFUSED
							: is(row.does)
								? 'done'
								: is(row.mayNot)
									? 'not_allowed'
									: row.otherwise && is(row.otherwise.who)
										? row.otherwise.says
										: row.hidden,
					ask: (sql) => tryAs(sql, somebody, () => sql.unsafe(statement).then(() => 'done'))
				};
			})
		)
	);
}
