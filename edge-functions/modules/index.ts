import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { createHandler } from '../channels/handler.ts';
import { Limit } from '../channels/limit.ts';
import { whoIsAt } from '../channels/person.ts';
import { ACTIONS } from './actions.ts';
import { connect } from './database.ts';

const env = (name: string) => Deno.env.get(name) || null;

const url = env('MODULES_DB_URL') ?? env('SUPABASE_DB_URL');
const supabaseUrl = env('SUPABASE_URL');
const anonKey = env('SUPABASE_ANON_KEY');
if (url === null || supabaseUrl === null || anonKey === null) {
	throw new Error('modules needs SUPABASE_URL, SUPABASE_ANON_KEY and a database: MODULES_DB_URL or SUPABASE_DB_URL');
}

Deno.serve(
	createHandler('modules', ACTIONS, {
		database: connect(url),
		keys: () => readSecretKeys(env('SECRETS_KEY') ?? ''),
		whoIs: whoIsAt(supabaseUrl, anonKey),
		limit: new Limit(60, 60_000)
	})
);
