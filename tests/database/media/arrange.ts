import { randomUUID } from 'node:crypto';
import type { MessageMedia } from '../../../core/src/media/media.ts';
import type { MediaContent } from '../../../core/src/whatsapp/content.ts';
import type { Message } from '../../../core/src/whatsapp/events.ts';
import type { Sql } from '../database.ts';
import { textFrom } from '../deliveries.ts';
import { uuid } from '../people.ts';

export const CHANNEL = uuid('padaria channel');

export function mediaContent(more: Partial<MediaContent> = {}): MediaContent {
	return {
		kind: 'image',
		media_id: '900001',
		mime_type: 'image/jpeg',
		sha256: null,
		caption: null,
		filename: null,
		voice: false,
		animated: false,
		url: null,
		...more
	};
}

/** A picture (or another file) from a phone to the bakery. */
export function fileFrom(phone: string, content: Partial<MediaContent> = {}, more: Partial<Message> = {}): Message {
	const said = mediaContent(content);
	return textFrom(phone, said.caption ?? '', { kind: said.kind, content: said, ...more });
}

export interface StoredMessage {
	id: string;
	tenant_id: string;
	conversation_id: string;
	created_at: string;
	kind: string;
	status: string;
	media: MessageMedia | null;
}

export async function messageOf(sql: Sql, externalId: string): Promise<StoredMessage> {
	const [row] = await sql<StoredMessage[]>`
		select id, tenant_id, conversation_id, created_at::text, kind, status, media
		from public.messages where external_id = ${externalId}`;
	if (!row) throw new Error(`there is no message ${externalId}`);
	return row;
}

/** The jobs that wait to fetch files, one line each. */
export async function fetchJobs(sql: Sql): Promise<string[]> {
	const rows = await sql<{ key: string }[]>`
		select key from graphile_worker.jobs where task_identifier = 'media__fetch' order by key`;
	return rows.map(({ key }) => key);
}

/** Puts the row of a file into storage, as an upload leaves it. */
export async function uploadRow(
	sql: Sql,
	path: string,
	{ size = 1234, mimetype = 'image/png', hours = 0 } = {}
): Promise<string> {
	await sql`
		insert into storage.objects (bucket_id, name, metadata, created_at)
		values ('media', ${path}, ${sql.json({ size, mimetype })}, now() - make_interval(hours => ${hours}))`;
	return path;
}

export const draftOf = (person: Parameters<typeof uuid>[0], file = 'foto.png', company = 'padaria') =>
	`${uuid(company)}/uploads/${uuid(person)}/${randomUUID()}/${file}`;
