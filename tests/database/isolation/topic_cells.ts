import { uuid } from '../people.ts';
import { REFUSED, tryAs, type Cell } from './cell.ts';
import { reaches, type TopicRow } from './matrix.ts';
import { COMPANIES, EVERYBODY, idOf } from './names.ts';

const OBJECT = 'realtime.messages';

/** The cells of a kind of topic: who may listen, be present, and broadcast, asked as Supabase Realtime asks. */
export function topicCells(kind: string, row: TopicRow): Cell[] {
	return EVERYBODY.flatMap((somebody) =>
		COMPANIES.flatMap((company) =>
			row.labels.flatMap((label): Cell[] => {
				const topic = row.topic(uuid(company), (part) => idOf(company, label, part), label);
				const where = `${kind} of ${company} ${label}`;
				const joins = reaches(row.joins, somebody.company, somebody.role, company, label);
				const tracks = reaches(row.tracks, somebody.company, somebody.role, company, label);
				const settings = { 'realtime.topic': topic };
				const write =
					(extension: string): Cell['ask'] =>
					(sql) =>
						tryAs(
							sql,
							somebody,
							() =>
								sql
									.unsafe(`insert into realtime.messages (topic, extension) values ('${topic}', '${extension}')`)
									.then(() => 'done'),
							settings
						);
				const hear =
					(extension: string): Cell['ask'] =>
					async (sql) => {
						await sql.unsafe(
							`savepoint hear; insert into realtime.messages (topic, extension) values ('${topic}', '${extension}')`
						);
						const heard = await tryAs(
							sql,
							somebody,
							async () => {
								const rows = await sql.unsafe(
									`select from realtime.messages where topic = '${topic}' and extension = '${extension}' limit 1`
								);
								return rows.count > 0 ? 'done' : REFUSED;
							},
							settings
						);
						await sql.unsafe('rollback to savepoint hear; release savepoint hear');
						return heard;
					};
				return [
					{
						object: OBJECT,
						name: `${somebody.name} hears ${where}`,
						expected: joins ? 'done' : REFUSED,
						ask: hear('broadcast')
					},
					{
						object: OBJECT,
						name: `${somebody.name} sees presence in ${where}`,
						expected: joins ? 'done' : REFUSED,
						ask: hear('presence')
					},
					{
						object: OBJECT,
						name: `${somebody.name} is present in ${where}`,
						expected: tracks ? 'done' : REFUSED,
						ask: write('presence')
					},
					{
						object: OBJECT,
						name: `${somebody.name} broadcasts on ${where}`,
						expected: REFUSED,
						ask: write('broadcast')
					}
				];
			})
		)
	);
}
