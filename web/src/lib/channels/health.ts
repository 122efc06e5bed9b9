import { z } from 'zod';
import type { Client } from '#lib/auth/client.ts';

const instant = z.string().nullable();

const Health = z.object({
	channel: z.object({
		id: z.string(),
		tenant_id: z.string(),
		name: z.string(),
		phone_number_id: z.string().nullable(),
		waba_id: z.string().nullable(),
		display_phone_number: z.string().nullable(),
		verified_name: z.string().nullable(),
		status: z.enum(['connected', 'attention', 'disconnected']),
		status_detail: z.record(z.string(), z.unknown()).nullable(),
		quality_rating: z.string().nullable(),
		messages_per_second: z.number().nullable(),
		messaging_limit: z.number().nullable(),
		token_expires_at: instant
	}),
	own_app: z.boolean(),
	has_token: z.boolean(),
	last: z.object({ webhook: instant, message: instant, status: instant }),
	errors: z.array(z.object({ code: z.string(), count: z.number(), last: z.string() })),
	failed_webhooks: z.number(),
	outbox: z.object({ queued: z.number(), sending: z.number(), unknown: z.number(), oldest: instant }),
	check: z
		.object({
			checked_at: z.string(),
			token_valid: z.boolean().nullable(),
			subscribed: z.boolean().nullable(),
			number_status: z.string().nullable(),
			name_status: z.string().nullable(),
			throughput: z.string().nullable(),
			error: z.record(z.string(), z.unknown()).nullable()
		})
		.nullable(),
	events: z.array(
		z.object({ id: z.string(), field: z.string(), payload: z.record(z.string(), z.unknown()), at: z.string() })
	)
});

/** How a channel is, as `channel_health` tells it. */
export type Health = z.infer<typeof Health>;
export type ChannelEvent = Health['events'][number];

/** Asks how a channel is. Throws what the database refuses. */
export async function readHealth(client: Client, channelId: string): Promise<Health> {
	const { data, error } = await client.rpc('channel_health', { channel_id: channelId });
	if (error) throw error;
	return Health.parse(data);
}

const DAY = 86_400_000;
export const TOKEN_WARNING_DAYS = 14;

/** Whole days until the token ends, where that is soon enough to warn; negative when it has ended. */
export function tokenDaysLeft(expiresAt: string | null, now: number): number | null {
	if (expiresAt === null) return null;
	const days = Math.floor((Date.parse(expiresAt) - now) / DAY);
	return days <= TOKEN_WARNING_DAYS ? days : null;
}
