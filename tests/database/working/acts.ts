import { randomUUID } from 'node:crypto';
import { useDatabase, type Transaction } from '../database.ts';
import { delivery, receive, textFrom } from '../deliveries.ts';
import { uuid, type Person } from '../people.ts';

/** The database of a test file, with what people do in it to a conversation, and what is then told of it. */
export const database = useDatabase();

export interface Conversation {
	id: string;
	folder: string;
	last_seq: string;
	read_seq: string;
	unread_count: number;
	preview: string;
	preview_at: Date;
	last_message_at: Date;
	waiting_since: Date | null;
	snoozed_until: Date | null;
	priority: number;
	tag_ids: string[];
}

export interface Line {
	id: string;
	seq: string;
	kind: string;
	author: string;
	author_id: string | null;
	body: string;
	is_private: boolean;
	content: { changes?: Record<string, unknown>[]; cause?: unknown; text?: string; mentions?: { id: string }[] };
	revoked_at: Date | null;
}

/** Does something to a conversation as somebody; gives the row as it then is. */
export const act = (person: Person, call: (sql: Transaction) => Promise<Conversation[]>) =>
	database.as(person, async (sql) => (await call(sql))[0] as Conversation);
export const prioritize = (person: Person, id: string, priority: number) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.set_priority(${id}, ${priority}::smallint)`);
export const tag = (person: Person, id: string, add: string[], remove: string[] = []) =>
	act(
		person,
		(sql) => sql<Conversation[]>`select * from public.tag_conversation(${id}, ${add}::uuid[], ${remove}::uuid[])`
	);
export const snooze = (person: Person, id: string, until: string) =>
	act(
		person,
		(sql) => sql<Conversation[]>`select * from public.snooze_conversation(${id}, ${until}::text::timestamptz)`
	);
export const unsnooze = (person: Person, id: string) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.unsnooze_conversation(${id})`);
export const spam = (person: Person, id: string, is = true) =>
	act(person, (sql) => sql<Conversation[]>`select * from public.mark_spam(${id}, ${is})`);
export const note = (person: Person, id: string, text: string, mentions: string[] = [], client = randomUUID()) =>
	database.as(person, async (sql) => {
		const content = JSON.stringify({ text, mentions });
		const [row] = await sql<Line[]>`select * from public.add_note(${id}, ${client}, ${content}::text::jsonb)`;
		return row as Line;
	});
export const madeTag = async (name: string, company: 'padaria' | 'oficina' = 'padaria') => {
	const [row] = await database.owner<{ id: string }[]>`
		insert into public.tags (tenant_id, name, color) values (${uuid(company)}, ${name}, 'blue') returning id`;
	return row?.id ?? '';
};
export const now = async (id: string) => {
	const [row] = await database.owner<Conversation[]>`select * from public.conversations where id = ${id}`;
	return row as Conversation;
};
export const thread = (id: string) =>
	database.owner<Line[]>`select * from public.messages where conversation_id = ${id} order by seq`;
export const activities = async (id: string) => (await thread(id)).filter(({ kind }) => kind === 'activity');
/** What somebody was told about a conversation, and has not read. */
export const told = async (person: Person, id: string) => {
	const rows = await database.owner<{ type: string }[]>`
		select type from public.notifications
		where user_id = ${uuid(person)} and conversation_id = ${id} and read_at is null order by created_at, type`;
	return rows.map(({ type }) => type);
};
export const writes = (phone: string, text: string) =>
	receive(database.door, [delivery([textFrom(phone, text, { sent_at: `${new Date().toISOString().slice(0, 19)}Z` })])]);
