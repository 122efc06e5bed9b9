import pg from 'pg';
import { runAs } from './authorization.ts';
import type { Broadcast } from './frames.ts';
import type { Bearer } from './token.ts';

const literal = (value: string) => pg.escapeLiteral(value);

/**
 * Keeps a client's private broadcast so that others may have it replayed. The row is inserted as the client, so the
 * project's own policies decide; false when they refuse.
 */
export async function persist(pool: pg.Pool, topic: string, bearer: Bearer, broadcast: Broadcast): Promise<boolean> {
	const { event, body, json } = broadcast;
	return runAs(
		pool,
		topic,
		bearer,
		`insert into realtime.messages (topic, extension, event, private, payload, binary_payload, broadcasted_at)
		values (${literal(topic)}, 'broadcast', ${literal(event)}, true,
			${json ? `${literal(body.toString())}::jsonb, null` : `null, '\\x${body.toString('hex')}'::bytea`}, now())`
	);
}
