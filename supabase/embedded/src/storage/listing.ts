import { z } from 'zod';
import { sendJson, type Call, type StorageContext } from './call.ts';
import { asCaller } from './database.ts';
import { invalidRequest } from './errors.ts';

const listBody = z.object({
	prefix: z.string().default(''),
	limit: z.number().int().min(1).default(100),
	offset: z.number().int().min(0).default(0),
	search: z.string().nullish(),
	sortBy: z
		.object({
			column: z.enum(['name', 'updated_at', 'created_at', 'last_accessed_at']).nullish(),
			order: z.enum(['asc', 'desc']).nullish()
		})
		.nullish()
});

/** `POST /object/list/:bucket`: the files and folders of one folder. */
export async function list(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.list');
	const body = await call.json(listBody);
	const prefix = body.prefix.length > 0 && !body.prefix.endsWith('/') ? `${body.prefix}/` : body.prefix;
	const rows = await asCaller(
		context.sql,
		scope,
		(tx) => tx`
			select * from storage.search(
				${prefix}, ${call.bucket}, ${body.limit}, ${prefix.split('/').length}, ${body.offset}, ${body.search ?? ''},
				${body.sortBy?.column ?? 'name'}, ${body.sortBy?.order ?? 'asc'}
			)`
	);
	sendJson(call.response, rows);
}

const MAX_PAGE = 1000;
const listV2Body = z.object({
	prefix: z.string().default(''),
	limit: z.number().int().min(1).default(MAX_PAGE),
	cursor: z.string().optional(),
	with_delimiter: z.boolean().default(false),
	sortBy: z
		.object({ column: z.enum(['name', 'updated_at', 'created_at']), order: z.enum(['asc', 'desc']).default('asc') })
		.optional()
});

interface Entry {
	key: string;
	id: string | null;
	sorted_by: string;
}

/** `POST /object/list-v2/:bucket`: pages of names under a prefix, by cursor; with a delimiter also the folders. */
export async function listV2(context: StorageContext, call: Call): Promise<void> {
	const scope = await call.scope('storage.object.list_v2');
	const body = await call.json(listV2Body);
	const limit = Math.min(body.limit, MAX_PAGE);
	const cursor = body.cursor ? readCursor(body.cursor) : null;
	const column = body.sortBy?.column ?? 'name';
	const ascending = (body.sortBy?.order ?? 'asc') === 'asc';

	const entries = await asCaller(context.sql, scope, (tx) => {
		const order = ascending ? tx`asc` : tx`desc`;
		const beyond = ascending ? tx`>` : tx`<`;
		const sortedBy =
			column === 'name' ? tx`key` : tx`to_char(${tx(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
		return tx<(Entry & Record<string, unknown>)[]>`
			with matching as (
				select *, case when ${body.with_delimiter} and strpos(substr(name, char_length(${body.prefix}) + 1), '/') > 0
					then ${body.prefix} || split_part(substr(name, char_length(${body.prefix}) + 1), '/', 1) || '/' end as folder
				from storage.objects
				where bucket_id = ${call.bucket} and starts_with(name, ${body.prefix})
			), entries as (
				select folder as key, null::uuid as id, min(created_at) as updated_at, min(created_at) as created_at,
					null::timestamptz as last_accessed_at, null::jsonb as metadata
				from matching where folder is not null group by folder
				union all
				select name, id, updated_at, created_at, last_accessed_at, metadata from matching where folder is null
			), sortable as (
				select *, ${sortedBy} collate "C" as sorted_by from entries
			)
			select * from sortable
			where ${cursor ? tx`(sorted_by, key collate "C") ${beyond} (${cursor.sorted_by}, ${cursor.key})` : tx`true`}
			order by sorted_by ${order}, key collate "C" ${order}
			limit ${limit + 1}`;
	});

	const page = entries.slice(0, limit);
	const last = page.at(-1);
	const hasNext = entries.length > limit;
	sendJson(call.response, {
		hasNext,
		...(hasNext && last ? { nextCursor: writeCursor(last) } : {}),
		folders: page.filter((entry) => entry.id === null).map(({ key }) => ({ key: lastPart(key), name: key })),
		objects: page
			.filter((entry) => entry.id !== null)
			.map(({ key, id, updated_at, created_at, last_accessed_at, metadata }) => ({
				key: lastPart(key),
				name: key,
				id,
				updated_at,
				created_at,
				last_accessed_at,
				metadata
			}))
	});
}

const lastPart = (key: string) => key.replace(/\/$/, '').split('/').at(-1) ?? '';

function writeCursor({ sorted_by, key }: Entry): string {
	return Buffer.from(JSON.stringify([sorted_by, key])).toString('base64url');
}

function readCursor(cursor: string): { sorted_by: string; key: string } {
	try {
		const [sorted_by, key] = z
			.tuple([z.string(), z.string()])
			.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
		return { sorted_by, key };
	} catch {
		throw invalidRequest('Invalid cursor');
	}
}
