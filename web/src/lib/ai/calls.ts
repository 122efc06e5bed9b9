import type { Client } from '#lib/auth/client.ts';
import type { Row } from '#lib/database.ts';

export type CallRow = Row<'ai_calls'>;

/** What of the calls is asked for. */
export interface CallFilter {
	agent: string | null;
	status: 'done' | 'failed' | null;
	/** Only those before this instant, as the database wrote it. */
	before: string | null;
}

export const PAGE = 50;

/** A page of calls, newest first; one more than a page says that there are more. Throws what the database answers. */
export async function callsOf(client: Client, tenantId: string, filter: CallFilter): Promise<CallRow[]> {
	let query = client.from('ai_calls').select().eq('tenant_id', tenantId);
	if (filter.agent) query = query.eq('agent_id', filter.agent);
	if (filter.status === 'done') query = query.eq('status', 'done');
	if (filter.status === 'failed') query = query.in('status', ['failed', 'lost']);
	if (filter.before) query = query.lt('created_at', filter.before);
	const { data } = await query
		.order('created_at', { ascending: false })
		.limit(PAGE + 1)
		.throwOnError();
	return data;
}
