import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { ACTIONS } from './actions.ts';
import { askGraphAt } from './ask.ts';
import { connect } from './database.ts';
import { createHandler } from './handler.ts';
import { Limit } from './limit.ts';
import { whoIsAt } from './person.ts';

const env = (name: string) => Deno.env.get(name) || null;

const url = env('CHANNELS_DB_URL') ?? env('SUPABASE_DB_URL');
const supabaseUrl = env('SUPABASE_URL');
const anonKey = env('SUPABASE_ANON_KEY');
if (url === null || supabaseUrl === null || anonKey === null) {
	throw new Error('channels needs SUPABASE_URL, SUPABASE_ANON_KEY and a database: CHANNELS_DB_URL or SUPABASE_DB_URL');
}

Deno.serve(
	createHandler('channels', ACTIONS, {
		database: connect(url),
		graph: askGraphAt(env('GRAPH_API_URL') ?? 'https://graph.facebook.com', env('GRAPH_API_VERSION') ?? 'v26.0'),
		keys: () => readSecretKeys(env('SECRETS_KEY') ?? ''),
		whoIs: whoIsAt(supabaseUrl, anonKey),
		// A guided form makes some five calls; more than this is somebody trying tokens.
		limit: new Limit(40, 60_000)
	})
);
