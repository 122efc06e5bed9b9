import type { Channel } from '#lib/database.ts';
import { m } from '#lib/paraglide/messages.js';

const statuses: Record<Channel['status'], () => string> = {
	connected: m.channel_connected,
	attention: m.channel_attention,
	disconnected: m.channel_disconnected
};

/** What a channel's status is called. */
export function statusName(status: Channel['status']): string {
	return statuses[status]();
}
