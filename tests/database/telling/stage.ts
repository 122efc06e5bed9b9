import type { Sql } from '../database.ts';
import { uuid, type Company, type Person } from '../people.ts';

/** A conversation with a customer of a company; `assignee` null: nobody's. */
export async function arrangeConversation(
	sql: Sql,
	{
		name,
		company = 'padaria',
		assignee = null,
		team = false,
		unread = 0
	}: {
		name: string;
		company?: Company;
		assignee?: Person | null;
		team?: boolean;
		unread?: number;
	}
): Promise<string> {
	const id = uuid(`${company} ${name}`);
	const contact = uuid(`${company} ${name} contact`);
	await sql`insert into public.contacts (id, tenant_id, name) values (${contact}, ${uuid(company)}, ${name})`;
	await sql`
		insert into public.conversations (id, tenant_id, contact_id, channel_id, assignee_id, team_id, unread_count, last_seq, waiting_since)
		values (
			${id}, ${uuid(company)}, ${contact}, ${uuid(`${company} channel`)}, ${assignee && uuid(assignee)},
			${team ? uuid(`${company} team`) : null}, ${unread}, ${unread}, ${unread > 0 ? sql`now()` : null}
		)`;
	return id;
}

/** Tells people of something, as a trigger or function of another subject does. */
export async function notify(
	sql: Sql,
	people: Person[],
	type: string,
	conversation: string,
	detail = {}
): Promise<void> {
	await sql`
		select private.notify(
			(select tenant_id from public.conversations where id = ${conversation}),
			${people.map(uuid)}::uuid[], ${type}, ${conversation}, null, ${JSON.stringify(detail)}::text::jsonb
		)`;
}

export interface Told {
	type: string;
	count: number;
	read: boolean;
}

/** What stands of a conversation in a person's bell. */
export async function toldOf(sql: Sql, person: Person, conversation: string): Promise<Told[]> {
	return sql<Told[]>`
		select type, count, read_at is not null as read
		from public.notifications
		where user_id = ${uuid(person)} and conversation_id = ${conversation}
		order by created_at, type`;
}

/** Gives a person a device that wants pushes. */
export async function arrangeDevice(
	sql: Sql,
	person: Person,
	company: Company = 'padaria',
	name = 'phone'
): Promise<string> {
	const [row] = await sql<{ id: string }[]>`
		insert into private.push_subscriptions (tenant_id, user_id, endpoint, p256dh, auth, label)
		values (
			${uuid(company)}, ${uuid(person)}, ${`https://push.test/${company}/${person}/${name}`}, ${'A'.repeat(87)}, ${'A'.repeat(22)}, ${name}
		)
		returning id`;
	return row?.id ?? '';
}

/** The push jobs that wait. */
export async function pushJobs(sql: Sql): Promise<string[]> {
	const rows = await sql<{ key: string }[]>`
		select key from graphile_worker.jobs where task_identifier = 'push__send' order by key`;
	return rows.map(({ key }) => key);
}
