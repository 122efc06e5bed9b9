import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { percentile, type Figure } from './figure.ts';
import { CONVERSATIONS, fillTenant, MESSAGES } from './volume.ts';

const RUNS = 300;

interface Query {
	name: string;
	/** Who asks: a supervisor reads everything, an agent what is theirs or nobody's. */
	email: string;
	run: (sql: postgres.TransactionSql, tenant: string, user: string, i: number) => Promise<unknown>;
}

const list = (sql: postgres.TransactionSql) =>
	sql`select id, status, preview, unread_count, last_message_at, contact_id, channel_id, assignee_id from public.conversations`;

const QUERIES: Query[] = [
	{
		name: 'inbox list, all, newest 50',
		email: 'sofia@padaria.test',
		run: (sql, tenant) => sql`${list(sql)}
			where tenant_id = ${tenant} and status = 'open' order by last_message_at desc, id desc limit 50`
	},
	{
		name: 'inbox list, mine, newest 50',
		email: 'caio@padaria.test',
		run: (sql, tenant, user) => sql`${list(sql)}
			where tenant_id = ${tenant} and assignee_id = ${user} and status = 'open' order by last_message_at desc, id desc limit 50`
	},
	{
		name: 'inbox list, unassigned, newest 50',
		email: 'caio@padaria.test',
		run: (sql, tenant) => sql`${list(sql)}
			where tenant_id = ${tenant} and assignee_id is null and status = 'open' order by last_message_at desc, id desc limit 50`
	},
	{
		name: 'thread, newest 50',
		email: 'caio@padaria.test',
		run: (sql, tenant, _user, i) => sql`
			select id, seq, direction, author, kind, content, body, status, sent_at from public.messages
			where tenant_id = ${tenant} and conversation_id = md5('bench conversation' || ${String(((i * 7919) % (CONVERSATIONS / 15)) * 15)})::uuid
			order by seq desc limit 50`
	}
];

/** The inbox's hot queries at volume, under row security, against the same query as owner without it. */
export async function benchInbox(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	try {
		const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
		const people = await sql<{ id: string; email: string }[]>`
			select u.id, u.email from auth.users u join public.memberships m on m.user_id = u.id
			where m.tenant_id = ${tenant.id} and m.role = 'agent' or u.email = 'sofia@padaria.test'`;
		const agents = people.filter(({ email }) => email !== 'sofia@padaria.test').map(({ id }) => id);
		await fillTenant(sql, tenant.id, agents);

		const figures: Figure[] = [];
		for (const query of QUERIES) {
			const user = people.find(({ email }) => email === query.email)?.id ?? '';
			const secured = await time(sql, query, tenant.id, user, true);
			const bare = await time(sql, query, tenant.id, user, false);
			figures.push({
				name: `${query.name} (${CONVERSATIONS / 1000}k conversations, ${MESSAGES / 1e6}M messages): p99`,
				value: percentile(secured, 0.99),
				unit: 'ms',
				target: 5,
				limit: { name: 'same query, no row security', value: percentile(bare, 0.99) }
			});
		}
		return figures;
	} finally {
		await sql.end();
	}
}

async function time(
	sql: postgres.Sql,
	query: Query,
	tenant: string,
	user: string,
	secured: boolean
): Promise<number[]> {
	const samples: number[] = [];
	for (let i = 0; i < RUNS + 20; i++) {
		await sql.begin(async (transaction) => {
			if (secured) {
				const claims = JSON.stringify({ sub: user, role: 'authenticated' });
				await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
			}
			const started = performance.now();
			await query.run(transaction, tenant, user, i);
			if (i >= 20) samples.push(performance.now() - started);
		});
	}
	return samples;
}
