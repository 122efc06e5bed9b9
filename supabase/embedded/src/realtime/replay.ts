import type pg from 'pg';
import type { Broadcast } from './frames.ts';

/** Which of a topic's stored broadcasts a client wants to hear again. */
export interface ReplayRequest {
	/** Milliseconds since 1970. */
	since: number;
	limit: number;
}

/** A hosted project sends no more than these. */
const MOST = 25;

/** Reads `config.broadcast.replay`; null when it is not well formed. */
export function readReplayRequest(replay: Record<string, unknown>): ReplayRequest | null {
	const { since = 0, limit = 10 } = replay;
	if (typeof since !== 'number' || !Number.isInteger(since)) return null;
	if (typeof limit !== 'number' || !Number.isInteger(limit)) return null;
	return { since, limit: Math.min(Math.max(limit, 1), MOST) };
}

/** The latest broadcasts of a private topic since a moment, oldest first. */
export async function findReplay(
	pool: pg.Pool,
	topic: string,
	{ since, limit }: ReplayRequest
): Promise<(Broadcast & { meta: { id: string; replayed: true } })[]> {
	const { rows } = await pool.query<{ id: string; event: string; payload: string | null; bytes: Buffer | null }>(
		`select id, event, payload::text as payload, binary_payload as bytes
		from realtime.messages
		where topic = $1
			and extension = 'broadcast'
			and private
			and inserted_at >= to_timestamp($2::float8 / 1000) at time zone 'utc'
			and event is not null
			and (payload is not null or binary_payload is not null)
		order by inserted_at desc
		limit $3`,
		[topic, since, limit]
	);
	return rows.reverse().map(({ id, event, payload, bytes }) => ({
		event,
		body: payload === null ? (bytes ?? Buffer.alloc(0)) : Buffer.from(payload),
		json: payload !== null,
		meta: { replayed: true, id }
	}));
}
