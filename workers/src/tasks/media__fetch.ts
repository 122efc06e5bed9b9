import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { z } from 'zod';
import { answered } from '../answered.ts';
import type { Database } from '../database.ts';
import { EncryptedToken, readToken } from '../graph/token.ts';
import { fetchFile, WantedFile, type Access, type FetchDeps } from '../media/fetch_file.ts';
import type { MediaOutcome } from '../media/outcome.ts';
import type { Metrics } from '../metrics.ts';
import { task } from '../task.ts';

const Payload = z.object({ channel_id: z.guid() });

/** What `private.claim_media` gives. */
const Claim = z.object({
	files: z.array(WantedFile),
	/** When the next of those that wait is due; null: none waits. */
	next_at: z.coerce.date().nullable(),
	phone_number_id: z.string(),
	token: EncryptedToken.nullable()
});

export interface MediaFetchDeps extends FetchDeps {
	db: Database;
	keys: SecretKeys;
	metrics: Pick<Metrics, 'mediaFiles'>;
}

/** Files of one channel fetched side by side. */
const TOGETHER = 4;
/** Then the next channel has its turn: none waits for another's thousand imported pictures. */
const BITE = 40;

/**
 * Fetches what waits of one channel's files: live ones first, then imported history. Runs again safely: a file's place
 * follows from its message, and settling twice changes nothing.
 */
export const mediaFetch = (deps: MediaFetchDeps) =>
	task(Payload, async ({ channel_id }, { abortSignal: signal, addJob, logger }) => {
		const running = new Map<string, Promise<void>>();
		let started = 0;

		const settle = async (file: WantedFile, outcome: MediaOutcome) => {
			deps.metrics.mediaFiles.inc({ result: outcome.result });
			if (outcome.result !== 'stored') logger.warn(`file of ${file.message_id}: ${JSON.stringify(outcome)}`);
			const { tenant_id, message_id, created_at } = file;
			await answered(deps.db`
				select private.settle_media(
					${tenant_id}, ${message_id}, ${created_at}::text::timestamptz, ${JSON.stringify(outcome)}::text::jsonb
				)`);
		};
		const start = (file: WantedFile, access: Access | null) => {
			const done = (access ? fetchFile(file, access, deps, signal) : Promise.resolve(UNREADABLE))
				.then((outcome) => settle(file, outcome))
				.finally(() => running.delete(file.message_id));
			done.catch(() => {}); // awaited below, with the others
			running.set(file.message_id, done);
			started++;
		};

		try {
			while (started < BITE) {
				signal.throwIfAborted();
				const claim = await claimFiles(deps.db, channel_id, TOGETHER - running.size, [...running.keys()]);
				if (!claim) break;
				const token = claim.files.length > 0 ? await readToken(deps.keys, channel_id, claim.token) : null;
				const access = token === null ? null : { token, phone_number_id: claim.phone_number_id };
				for (const file of claim.files) start(file, access);
				if (running.size === 0) break;
				await Promise.race(running.values());
			}
		} finally {
			await Promise.allSettled(running.values());
		}
		signal.throwIfAborted();

		const left = await claimFiles(deps.db, channel_id, 0, []);
		if (left?.next_at) {
			// A name of its own: a picture that arrives now must not be put off until then.
			await addJob(
				'media__fetch',
				{ channel_id },
				{
					queueName: `media:${channel_id}`,
					jobKey: `media__fetch_later:${channel_id}`,
					runAt: left.next_at
				}
			);
		}
	});

const UNREADABLE: MediaOutcome = {
	result: 'hold',
	error: { code: 'token_unreadable', title: "The channel's access token is missing or can't be read", details: null }
};

async function claimFiles(db: Database, channelId: string, count: number, busy: string[]) {
	const [row] = await answered(
		db<{ claim: unknown }[]>`select private.claim_media(${channelId}, ${count}, ${busy}::uuid[]) as claim`
	);
	return row?.claim ? Claim.parse(row.claim) : null;
}
