import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import type { Figure } from './figure.ts';
import { runLoad } from './socket_load.ts';

const REQUESTS = 20_000;
const CONNECTIONS = 16;

/** REST as a signed-in supervisor, under row security, against postgres.js asking the same as owner. */
export async function benchRest(facts: StackFacts): Promise<Figure[]> {
	const sql = postgres(facts.db_url, { max: CONNECTIONS, onnotice: () => {} });
	try {
		const token = await signIn(facts);
		const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
		const contacts = await sql<
			{ id: string }[]
		>`select id from public.contacts where tenant_id = ${tenant.id} limit 200`;
		const ids = contacts.map(({ id }) => id);

		const byKey = await rest(
			facts,
			token,
			(i) => `/rest/v1/contacts?select=id,name,phone&id=eq.${ids[i % ids.length]}`
		);
		const bareByKey = await bare(
			(i) => sql`select id, name, phone from public.contacts where id = ${ids[i % ids.length] ?? ''}`
		);
		const list =
			'/rest/v1/conversations?select=id,status,preview,unread_count,last_message_at,contact:contacts(id,name)';
		const listOf50 = await rest(
			facts,
			token,
			() => `${list}&tenant_id=eq.${tenant.id}&order=last_message_at.desc,id.desc&limit=50`,
			REQUESTS / 10
		);
		const bareList = await bare(
			() => sql`
				select c.id, c.status, c.preview, c.unread_count, c.last_message_at, p.id as contact_id, p.name
				from public.conversations c join public.contacts p on p.id = c.contact_id
				where c.tenant_id = ${tenant.id} order by c.last_message_at desc, c.id desc limit 50`,
			REQUESTS / 10
		);
		const limit = (value: number) => ({ name: 'postgres.js, no row security', value });
		return [
			{ name: 'REST: select by key', value: byKey, unit: '/s', target: 3000, limit: limit(bareByKey) },
			{ name: 'REST: list of 50 with its contacts', value: listOf50, unit: '/s', limit: limit(bareList) }
		];
	} finally {
		await sql.end();
	}
}

export async function signIn(facts: StackFacts, email = 'sofia@padaria.test'): Promise<string> {
	const client = createClient(facts.api_url, facts.anon_key, {
		auth: { persistSession: false, autoRefreshToken: false }
	});
	const { data, error } = await client.auth.signInWithPassword({ email, password: facts.users[0]?.password ?? '' });
	if (error) throw error;
	return data.session.access_token;
}

async function rest(
	facts: StackFacts,
	token: string,
	path: (i: number) => string,
	requests = REQUESTS
): Promise<number> {
	const url = new URL(facts.api_url);
	let sent = 0;
	const request = (i: number) =>
		Buffer.from(
			`GET ${path(i)} HTTP/1.1\r\nhost: ${url.host}\r\napikey: ${facts.anon_key}\r\nauthorization: Bearer ${token}\r\naccept: application/json\r\n\r\n`
		);
	const load = (count: number) =>
		runLoad({
			host: url.hostname,
			port: Number(url.port),
			connections: CONNECTIONS,
			next: () => (sent < count ? request(sent++) : null)
		});
	await load(500);
	sent = 0;
	const { seconds, statuses } = await load(requests);
	if (statuses[200] !== requests) throw new Error(`not every read was answered 200: ${JSON.stringify(statuses)}`);
	return requests / seconds;
}

async function bare(query: (i: number) => Promise<unknown>, requests = REQUESTS): Promise<number> {
	let next = 0;
	const started = performance.now();
	await Promise.all(
		Array.from({ length: CONNECTIONS }, async () => {
			while (next < requests) await query(next++);
		})
	);
	return requests / ((performance.now() - started) / 1000);
}
