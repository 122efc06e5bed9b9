import { readSecretKeys } from '@prosa/core/secrets/secrets.ts';
import { createHandler } from '../channels/handler.ts';
import { Limit } from '../channels/limit.ts';
import { whoIsAt } from '../channels/person.ts';
import { ACTIONS } from './assist.ts';
import { connect } from './database.ts';

const env = (name: string) => Deno.env.get(name) || null;

const url = env('AI_DB_URL') ?? env('SUPABASE_DB_URL');
const supabaseUrl = env('SUPABASE_URL');
const anonKey = env('SUPABASE_ANON_KEY');
if (url === null || supabaseUrl === null || anonKey === null) {
	throw new Error('ai needs SUPABASE_URL, SUPABASE_ANON_KEY and a database: AI_DB_URL or SUPABASE_DB_URL');
}

Deno.serve(
	createHandler('ai', ACTIONS, {
		database: connect(url),
		keys: () => readSecretKeys(env('SECRETS_KEY') ?? ''),
		whoIs: whoIsAt(supabaseUrl, anonKey),
		provider: {
			baseUrl: env('OPENAI_BASE_URL') ?? 'https://api.openai.com/v1',
			key: env('OPENAI_API_KEY'),
			model: env('OPENAI_MODEL')
		},
		timeoutMs: Number(env('AI_ASSIST_TIMEOUT_MS') ?? 30_000),
		// Twice a second is nobody who reads what comes.
		limit: new Limit(60, 60_000),
		// A text of the longest kind, each of its characters three bytes.
		largestBody: 32_768
	})
);
