import type { RealtimeChannel } from '@supabase/realtime-js';
import type { Session } from '#lib/auth/session.svelte.ts';
import type { Database } from '#lib/database.ts';

type Tables = Database['public']['Tables'];

interface Ears {
	ontemplate?: (row: Tables['templates']['Row']) => void;
	onsync?: (row: Tables['template_syncs']['Row']) => void;
}

let follower = 0;

/** Hears every change of a workspace's templates, and of the reading of their list. Returns what ends it. */
export function followTemplates(session: Session, tenantId: string, { ontemplate, onsync }: Ears): () => void {
	const filter = `tenant_id=eq.${tenantId}`;
	let channel: RealtimeChannel | null = null;
	let ended = false;

	async function begin() {
		// A channel that is joined before realtime has the token hears nothing for ever.
		await session.keepAlive();
		if (ended) return;
		channel = session.client.channel(`templates:${++follower}`);
		if (ontemplate) {
			const where = { event: '*', schema: 'public', table: 'templates', filter } as const;
			channel.on('postgres_changes', where, ({ new: row }) => ontemplate(row as Tables['templates']['Row']));
		}
		if (onsync) {
			const where = { event: '*', schema: 'public', table: 'template_syncs', filter } as const;
			channel.on('postgres_changes', where, ({ new: row }) => onsync(row as Tables['template_syncs']['Row']));
		}
		channel.subscribe();
	}

	void begin();
	return () => {
		ended = true;
		if (channel) void session.client.removeChannel(channel);
	};
}
