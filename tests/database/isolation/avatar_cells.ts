import type { Transaction } from '../database.ts';
import { uuid } from '../people.ts';
import { REFUSED, tryAs, type Cell } from './cell.ts';
import { MEMBERS, reaches, ROLES } from './matrix.ts';
import { avatarPath, COMPANIES, EVERYBODY, type Somebody } from './names.ts';

const OBJECT = 'storage.objects';
/** What Storage itself says before it deletes; without it nobody may. */
const AS_STORAGE = { 'storage.allow_delete_query': 'true' };
const NEW = uuid('a new picture');

/** The cells of the bucket of pictures: what each person sees, uploads, replaces and takes back, asked as Storage asks. */
export function avatarCells(bucket: string): Cell[] {
	const named = (rows: readonly unknown[][]) => list(rows.map(([name]) => String(name)));
	return EVERYBODY.flatMap((somebody) => [
		{
			object: OBJECT,
			name: `${somebody.name} sees of ${bucket}`,
			expected: list([...new Set([...colleagues(somebody), ...theirs(somebody)])]),
			ask: (sql) =>
				tryAs(sql, somebody, async () =>
					named(await sql`select name from storage.objects where bucket_id = ${bucket}`.values())
				)
		},
		...uploads(bucket, somebody),
		{
			object: OBJECT,
			name: `${somebody.name} takes back of ${bucket}`,
			expected: list(theirs(somebody)),
			ask: (sql) =>
				tryAs(
					sql,
					somebody,
					async () => named(await sql`delete from storage.objects where bucket_id = ${bucket} returning name`.values()),
					AS_STORAGE
				)
		},
		{
			object: OBJECT,
			name: `${somebody.name} replaces in ${bucket}`,
			expected: '0',
			ask: (sql) =>
				tryAs(sql, somebody, async () =>
					String((await sql`update storage.objects set metadata = '{}' where bucket_id = ${bucket}`).count)
				)
		}
	]);
}

/** Only under one's own name, as a picture, and not without end. */
function uploads(bucket: string, somebody: Somebody): Cell[] {
	const known = somebody.name !== 'visitor';
	const attempt = (where: string, allowed: boolean, ...paths: string[]): Cell => ({
		object: OBJECT,
		name: `${somebody.name} uploads ${where} to ${bucket}`,
		expected: allowed ? 'done' : REFUSED,
		ask: (sql) => tryAs(sql, somebody, () => insert(sql, bucket, paths))
	});
	const own = uuid(somebody.name);
	return [
		attempt('a picture', known, `${own}/${NEW}.webp`),
		attempt('another kind of file', false, `${own}/${NEW}.svg`),
		attempt('a file without a uuid', false, `${own}/eu.webp`),
		attempt('a file in a deeper folder', false, `${own}/mais/${NEW}.webp`),
		attempt('file after file', false, ...['1', '2', '3', '4', '5'].map((n) => `${own}/${uuid(n)}.webp`)),
		...COMPANIES.flatMap((company) =>
			ROLES.map((role) => avatarPath(company, role, 'shown').split('/')[0] ?? '')
				.filter((person) => person !== own)
				.map((person) => attempt(`as ${person}`, false, `${person}/${NEW}.webp`))
		)
	];
}

async function insert(sql: Transaction, bucket: string, paths: string[]): Promise<string> {
	for (const path of paths) await sql`insert into storage.objects (bucket_id, name) values (${bucket}, ${path})`;
	return 'done';
}

/** The pictures that stand in the memberships one sees. */
const colleagues = ({ company: theirs, role }: Somebody) =>
	COMPANIES.flatMap((company) =>
		ROLES.filter((other) => reaches(MEMBERS, theirs, role, company, other)).map((other) =>
			avatarPath(company, other, 'shown')
		)
	);

const theirs = ({ company, role }: Somebody) =>
	company !== null && role !== null ? [avatarPath(company, role, 'shown'), avatarPath(company, role, 'draft')] : [];

const list = (names: readonly string[]) => JSON.stringify([...names].sort());
