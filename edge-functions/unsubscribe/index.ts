import postgres from 'postgres';
import { createHandler } from './handler.ts';

const url = Deno.env.get('SUPABASE_DB_URL');
if (!url) throw new Error('SUPABASE_DB_URL is not set: unsubscribe does not know its database');

/** Connects, when first used, as the role `prosa_door`. */
const sql = postgres(url, {
	max: 1,
	idle_timeout: 60,
	connection: { role: 'prosa_door', application_name: 'prosa unsubscribe', statement_timeout: 10_000 },
	connect_timeout: 5,
	fetch_types: false,
	onnotice: () => {}
});

Deno.serve(
	createHandler(
		async (token) => {
			const [row] = await sql<
				{ known: boolean | string }[]
			>`select private.unsubscribe_digest(${token}::uuid)::text as known`;
			return row?.known === 'true';
		},
		Deno.env.get('WEB_URL') || null
	)
);
