import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { runLoad } from './socket_load.ts';
import { phone, signedRequest, textBody } from './webhooks.ts';

/** Conversations that are open, and some more that are put aside. */
export const OPEN = 10_000;
const ASIDE = 1_500;
export const PEOPLE = OPEN + ASIDE;

/** Lets so many people write to the company of the demo, through its door; some of their conversations are put aside, a fifth is the supervisor's. */
export async function writeAll(facts: StackFacts): Promise<void> {
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const owner = postgres(facts.db_url.replace('//postgres:', '//supabase_admin:'), {
		max: 1,
		max_lifetime: null,
		onnotice: () => {}
	});
	try {
		const [there] = await sql<[{ count: number }]>`
			select count(*)::integer from public.contacts where phone like '5511980%'`;
		if (there.count >= PEOPLE) return;
		const url = new URL(facts.api_url);
		let next = 0;
		const { statuses } = await runLoad({
			host: url.hostname,
			port: Number(url.port),
			connections: 16,
			next: () =>
				next < PEOPLE
					? signedRequest(facts, textBody(facts, phone(next, PEOPLE), `Bom dia! Sou a pessoa ${next++}`))
					: null
		});
		if (statuses[200] !== PEOPLE) throw new Error(`webhooks were answered ${JSON.stringify(statuses)}`);
		// Nobody is told of this: what is put aside is there when the page is opened.
		await owner`set session_replication_role = replica`;
		await owner`
			with asked as (
				select c.id, substr(p.phone, 6)::integer - 80000000 as n
				from public.conversations c join public.contacts p on p.id = c.contact_id
				where p.phone like '5511980%' and c.status = 'open'
			)
			update public.conversations c set
				assignee_id = case when n % 5 = 0 then (select id from auth.users where email = 'sofia@padaria.test') end,
				status = (case when n >= ${OPEN + 1_000} then 'closed' else 'open' end)::public.conversation_status,
				closed_at = case when n >= ${OPEN + 1_000} then now() end,
				is_spam = n >= ${OPEN + 500} and n < ${OPEN + 1_000},
				snoozed_until = case when n >= ${OPEN} and n < ${OPEN + 500} then 'infinity'::timestamptz end
			from asked where asked.id = c.id`;
		await owner`set session_replication_role = origin`;
		await owner`select private.rebuild_inbox_counts(id) from public.tenants`;
		await owner`analyze public.conversations, public.contacts`;
	} finally {
		await sql.end();
		await owner.end();
	}
}
