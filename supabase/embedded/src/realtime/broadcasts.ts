import type { Topics } from './topics.ts';
import { createPgoutputReader, insertedSpans, type Relation } from './wal/pgoutput.ts';

/** Where each column of realtime.messages stands in the stream. */
type Columns = Record<'topic' | 'event' | 'private' | 'payload' | 'binary_payload' | 'id' | 'broadcasted_at', number>;

/**
 * Sends what the database broadcasts, straight from the replication stream: no query, no parsing of the payload, and
 * nothing at all for a topic that nobody listens to.
 */
export function createBroadcastReader(topics: Topics): (message: Buffer) => void {
	const columnsOf = new WeakMap<Relation, Columns>();

	const read = createPgoutputReader({
		relation: (relation) => columnsOf.set(relation, findColumns(relation)),
		change(relation, kind, message) {
			const columns = columnsOf.get(relation);
			if (kind !== 'INSERT' || !columns || topics.isEmpty()) return;

			const values = insertedSpans(message);
			const text = (column: keyof Columns) => {
				const span = values[columns[column]];
				return span ? message.toString('utf8', span.start, span.end) : null;
			};
			const topic = text('topic');
			const isPrivate = text('private') === 't';
			if (topic === null || !topics.has(topic, isPrivate)) return;

			const event = text('event');
			const id = text('id');
			const payload = values[columns.payload];
			if (event === null || id === null || values[columns.broadcasted_at]) return;
			const body = payload ? message.subarray(payload.start, payload.end) : fromHex(text('binary_payload'));
			if (body) topics.broadcast(topic, isPrivate, { event, body, json: payload != null, meta: { id } });
		}
	});
	return (message) => void read(message);
}

function findColumns({ columns }: Relation): Columns {
	const at = (name: string) => columns.indexOf(name);
	return {
		topic: at('topic'),
		event: at('event'),
		private: at('private'),
		payload: at('payload'),
		binary_payload: at('binary_payload'),
		id: at('id'),
		broadcasted_at: at('broadcasted_at')
	};
}

/** Bytes as Postgres prints them: `\x00ff`. */
function fromHex(text: string | null): Buffer | null {
	return text === null ? null : Buffer.from(text.slice(2), 'hex');
}
