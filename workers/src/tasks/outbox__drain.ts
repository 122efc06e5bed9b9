import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../database.ts';
import type { GraphClient } from '../graph/client.ts';
import type { Metrics } from '../metrics.ts';
import { Drain } from '../sending/drain.ts';
import { Outbox } from '../sending/outbox.ts';
import type { Pacers } from '../sending/pacer.ts';
import type { Uploader } from '../sending/prepare.ts';
import { task } from '../task.ts';

// Not z.uuid(): Postgres takes ids that RFC 9562 would not.
const Payload = z.object({ channel_id: z.guid(), shard: z.number().int().min(0) });

export interface SendDeps {
	db: Database;
	graph: Pick<GraphClient, 'sendMessage'>;
	keys: SecretKeys;
	upload: Uploader | null;
	metrics: Pick<Metrics, 'sends' | 'sendSeconds'>;
	pacers: Pacers;
	stopping: AbortSignal;
}

/**
 * Sends what waits in one shard of a channel's outbox. Runs again safely: an attempt is written before each call, so a
 * message whose call may have been made is never called for again.
 */
export const outboxDrain = ({ db, graph, keys, upload, metrics, pacers, stopping }: SendDeps) =>
	task(Payload, async ({ channel_id, shard }, { logger }) => {
		const outbox = new Outbox(db, channel_id, shard, randomUUID());
		const warn = (message: string) => logger.warn(message);
		const drain = new Drain({ outbox, pacer: pacers.of(channel_id), graph, keys, upload, metrics, stopping, warn });
		const afterwards = await drain.run();
		if (afterwards !== null) await outbox.ring(afterwards);
	});
