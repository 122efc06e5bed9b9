import type { Database } from '../database.ts';
import { uuid, type Company, type Person } from '../people.ts';

interface Hit {
	id: string;
	text: string;
	conversation_id: string;
}

export interface Found {
	people: (Hit & { name: string })[];
	conversations: { id: string; contact: { name: string } }[];
	messages: (Hit & { seq: number; kind: string; sent_at: string })[];
	next: { at: string; id: string | null } | null;
	searched: string | null;
}

/** What somebody finds in a company. */
export async function find(
	database: Database,
	person: Person,
	query: string,
	{
		company = 'padaria' as Company,
		filters = {} as Record<string, string | null>,
		after = null as Found['next'],
		most = 20
	} = {}
): Promise<Found> {
	const [row] = await database.as(
		person,
		(sql) => sql<{ found: Found }[]>`
			select public.search_inbox(
				${uuid(company)}, ${query}, ${JSON.stringify(filters)}::text::jsonb, ${after ? JSON.stringify(after) : null}::text::jsonb, ${most}
			) as found`
	);
	if (!row) throw new Error('search_inbox gave no row');
	return row.found;
}

/** The conversations of the messages that somebody finds; none where the company or the right to search isn't theirs. */
export const conversationsFound = (database: Database, person: Person, query: string): Promise<string[]> =>
	find(database, person, query, { most: 50 }).then(
		({ messages }) => messages.map(({ conversation_id }) => conversation_id),
		(problem: Error) => (/^(tenant_not_found|not_allowed)$/.test(problem.message) ? [] : Promise.reject(problem))
	);

/** Hits as people see them: `Tem [pão] de queijo?`. */
export const shown = (text: string) => text.replaceAll('\uE000', '[').replaceAll('\uE001', ']');
