import type { Transaction } from '../database.ts';
import { uuid, type Company } from '../people.ts';
import { REFUSED, tryAs, type Cell } from './cell.ts';
import { reaches, ROLES, THREADS, type BucketRow } from './matrix.ts';
import {
	CANNED_NAMES,
	cannedPath,
	COMPANIES,
	draftPath,
	EVERYBODY,
	filePath,
	uploadsOf,
	type Somebody
} from './names.ts';

const OBJECT = 'storage.objects';
/** What Storage itself says before it deletes; without it nobody may. */
const AS_STORAGE = { 'storage.allow_delete_query': 'true' };

/** The cells of a bucket: what each person lists, finds by name, uploads, replaces and takes back, asked as Storage asks. */
export function bucketCells(bucket: string, row: BucketRow): Cell[] {
	return EVERYBODY.flatMap((somebody) => [
		...reads(bucket, row, somebody),
		...uploads(bucket, row, somebody),
		{
			object: OBJECT,
			name: `${somebody.name} takes back of ${bucket}`,
			expected: list(drafts(row, somebody)),
			ask: (sql) =>
				tryAs(
					sql,
					somebody,
					async () =>
						list(namesIn(await sql`delete from storage.objects where bucket_id = ${bucket} returning name`.values())),
					AS_STORAGE
				)
		},
		{
			object: OBJECT,
			name: `${somebody.name} renames in ${bucket}`,
			expected: '0',
			ask: (sql) =>
				tryAs(sql, somebody, async () =>
					String((await sql`update storage.objects set name = name || '2' where bucket_id = ${bucket}`).count)
				)
		}
	]);
}

function reads(bucket: string, row: BucketRow, somebody: Somebody): Cell[] {
	const seen = [...files(row, somebody), ...drafts(row, somebody)];
	return [
		{
			object: OBJECT,
			name: `${somebody.name} sees of ${bucket}`,
			expected: list(seen),
			ask: (sql) =>
				tryAs(sql, somebody, async () =>
					list(namesIn(await sql`select name from storage.objects where bucket_id = ${bucket}`.values()))
				)
		},
		...COMPANIES.map((company): Cell => ({
			object: OBJECT,
			name: `${somebody.name} lists the folders of ${company} in ${bucket}`,
			expected: list([
				...new Set(seen.filter((path) => path.startsWith(uuid(company))).map((path) => path.split('/')[1] ?? ''))
			]),
			ask: (sql) =>
				tryAs(sql, somebody, async () =>
					list(namesIn(await sql`select name from storage.search(${`${uuid(company)}/`}, ${bucket}, 1000, 2)`.values()))
				)
		}))
	];
}

/** Only under one's own name, in a company where one may answer, and nowhere else. */
function uploads(bucket: string, row: BucketRow, somebody: Somebody): Cell[] {
	const folder = uuid('a new upload');
	const own = (company: Company) => `${uuid(company)}/uploads/${uuid(somebody.name)}`;
	const entitled = (company: Company) =>
		reaches(row.writes, somebody.company, somebody.role, company, somebody.role ?? '');
	const attempt = (where: string, path: string, allowed: boolean, into = bucket): Cell => ({
		object: OBJECT,
		name: `${somebody.name} uploads ${where}`,
		expected: allowed ? 'done' : REFUSED,
		ask: (sql) => tryAs(sql, somebody, () => insert(sql, into, path))
	});
	return COMPANIES.flatMap((company) => [
		attempt(`to ${company}`, `${own(company)}/${folder}/foto.png`, entitled(company)),
		attempt(`to ${company} without a folder`, `${own(company)}/foto.png`, false),
		attempt(`to ${company} into a deeper folder`, `${own(company)}/${folder}/mais/foto.png`, false),
		attempt(`beside a message of ${company}`, filePath(company, 'nobody', 'file').replace('file', 'other'), false),
		attempt(`to ${company} beside the bucket`, `${own(company)}/${folder}/foto.png`, false, 'another'),
		...ROLES.filter((role) => !own(company).endsWith(uploadsOf(company, role))).map((role) =>
			attempt(`as the ${role} of ${company}`, `${uploadsOf(company, role)}/${folder}/foto.png`, false)
		)
	]);
}

async function insert(sql: Transaction, bucket: string, path: string): Promise<string> {
	await sql`insert into storage.objects (bucket_id, name) values (${bucket}, ${path})`;
	return 'done';
}

const files = (row: BucketRow, { company: theirs, role }: Somebody) =>
	COMPANIES.flatMap((company) => [
		...THREADS.filter((thread) => reaches(row.reads, theirs, role, company, thread)).flatMap((thread) =>
			(['file', 'thumbnail', 'sent'] as const).map((part) => filePath(company, thread, part))
		),
		...CANNED_NAMES.filter((name) => reaches(row.lends, theirs, role, company, name)).map((name) =>
			cannedPath(company, name)
		)
	]);

const drafts = (row: BucketRow, { company, role }: Somebody) =>
	company !== null && role !== null && reaches(row.writes, company, role, company, role)
		? [draftPath(company, role)]
		: [];

const namesIn = (rows: readonly unknown[][]) => rows.map(([name]) => String(name));
const list = (names: readonly string[]) => JSON.stringify([...names].sort());
