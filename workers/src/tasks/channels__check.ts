import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import { askGraphAt } from '../channels/ask.ts';
import { checkChannel, type Found } from '../channels/check.ts';
import type { Database } from '../database.ts';
import { EncryptedToken, readToken } from '../graph/token.ts';
import { GiveUp, task } from '../task.ts';

/** Without a channel (crontab): every channel in use is asked for, each by a job of its own. */
const Payload = z.object({ channel_id: z.guid().optional() });

const Channel = z.object({
	id: z.guid(),
	phone_number_id: z.string(),
	waba_id: z.string(),
	token: EncryptedToken.nullable()
});

export interface CheckDeps {
	db: Database;
	keys: SecretKeys;
	/** Where the Graph API is. */
	graphAt: { url: string; version: string };
}

/**
 * Asks Meta for a channel's number, limits, token and subscription, and takes down what it finds: a token that is no
 * good holds the outbox, one that ends within 14 days is warned of. Runs again safely: it only reads, and the newest
 * word holds.
 */
export const channelsCheck = ({ db, keys, graphAt }: CheckDeps) =>
	task(Payload, async ({ channel_id }) => {
		if (channel_id === undefined) {
			await answered(db`select private.schedule_channel_checks()`);
			return;
		}
		const [row] = await answered(db<{ channel: unknown }[]>`select private.channel_to_check(${channel_id}) as channel`);
		if (!row?.channel) throw new GiveUp(`channel ${channel_id} is gone or disconnected`);
		const channel = Channel.parse(row.channel);
		const token = await readToken(keys, channel.id, channel.token);
		const found: Found =
			token === null
				? { token_valid: false, error: { code: 'token_missing', title: 'token_missing', details: null } }
				: await checkChannel(askGraphAt(graphAt.url, graphAt.version, token), channel, token);
		await answered(db`select private.record_channel_check(${channel_id}, ${JSON.stringify(found)}::text::jsonb)`);
	});
