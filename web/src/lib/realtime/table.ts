import type { RealtimeChannel } from '@supabase/realtime-js';
import type { Client } from '#lib/auth/client.ts';
import type { Database } from '#lib/database.ts';
import { backoff } from './backoff.ts';

/** The tables whose changes are told by postgres_changes: the publication `supabase_realtime` in sql/. */
export type FollowedTable = keyof Pick<
	Database['public']['Tables'],
	| 'agent_availability'
	| 'attribute_definitions'
	| 'automation_rules'
	| 'canned_responses'
	| 'channels'
	| 'invitations'
	| 'macros'
	| 'memberships'
	| 'mentions'
	| 'roles'
	| 'saved_filters'
	| 'scheduled_messages'
	| 'tags'
	| 'teams'
>;

/**
 * Follows a company's rows of one low-volume table by postgres_changes. `onchange` is also called after every join, the
 * first and each after a break, when something may have been missed. Returns what ends it.
 */
export function followTable(
	client: Client,
	table: FollowedTable,
	tenantId: string,
	/** With the row that is new or changed; without one, after a join or where a row is gone. */
	onchange: (row?: object) => void
): () => void {
	let channel: RealtimeChannel | null = null;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let tries = 0;
	let ended = false;

	const join = () => {
		if (ended) return;
		const current = client.channel(`${table}:${tenantId}:${crypto.randomUUID()}`);
		channel = current;
		current
			.on(
				'postgres_changes',
				{ event: '*', schema: 'public', table, filter: `tenant_id=eq.${tenantId}` },
				(change: { new: object }) => onchange(Object.keys(change.new).length > 0 ? change.new : undefined)
			)
			.subscribe((status) => {
				if (ended || channel !== current) return;
				if (status === 'SUBSCRIBED') {
					tries = 0;
					onchange();
					return;
				}
				channel = null;
				void client.removeChannel(current);
				clearTimeout(timer);
				timer = setTimeout(join, backoff(++tries));
			});
	};
	join();

	return () => {
		ended = true;
		clearTimeout(timer);
		if (channel) void client.removeChannel(channel);
	};
}
