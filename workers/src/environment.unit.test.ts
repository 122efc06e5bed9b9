import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

const least = { SUPABASE_DB_URL: 'postgresql://prosa_worker:x@127.0.0.1:54322/postgres', SECRETS_KEY: 'k1:x' };

test('a database and a key are enough: the rest is Meta’s own address and a current version', () => {
	expect(readEnvironment({ ...least, GRAPH_API_VERSION: '' })).toEqual({
		...least,
		GRAPH_API_URL: 'https://graph.facebook.com',
		GRAPH_API_VERSION: 'v26.0',
		WORKER_CONCURRENCY: 20,
		MEDIA_CONCURRENCY: 6,
		FLOW_CONCURRENCY: 25,
		OPENAI_BASE_URL: 'https://api.openai.com/v1',
		FLOW_CALL_CONCURRENCY: 16,
		AI_CONCURRENCY: 8,
		LOG_LEVEL: 'info'
	});
});

test('whatever is missing or wrong is named, all at once, and no value is shown', () => {
	const read = () => readEnvironment({ SUPABASE_DB_URL: 'mysql://root:hunter2@db', GRAPH_API_VERSION: '26' });
	expect(read).toThrow(/SUPABASE_DB_URL.*SECRETS_KEY.*GRAPH_API_VERSION/);
	expect(read).not.toThrow(/hunter2/);
});
