import type { SupabaseClient } from '@supabase/supabase-js';
import type { Database } from '#lib/database.ts';

type Tables = Database['public']['Tables'];

interface Ears {
	ontemplate?: (row: Tables['templates']['Row']) => void;
	onsync?: (row: Tables['template_syncs']['Row']) => void;
}

let follower = 0;

/** Hears every change of a workspace's templates, and of the reading of their list. Returns what ends it. */
export function followTemplates(
	client: SupabaseClient<Database>,
	tenantId: string,
	{ ontemplate, onsync }: Ears
): () => void {
	const filter = `tenant_id=eq.${tenantId}`;
	let channel = client.channel(`templates:${++follower}`);
	if (ontemplate) {
		channel = channel.on(
			'postgres_changes',
			{ event: '*', schema: 'public', table: 'templates', filter },
			({ new: row }) => ontemplate(row as Tables['templates']['Row'])
		);
	}
	if (onsync) {
		channel = channel.on(
			'postgres_changes',
			{ event: '*', schema: 'public', table: 'template_syncs', filter },
			({ new: row }) => onsync(row as Tables['template_syncs']['Row'])
		);
	}
	channel.subscribe();
	return () => void client.removeChannel(channel);
}
