import { parseExactly } from './exact_json.ts';

/** The two serializers of Phoenix: 1.0.0 writes objects, 2.0.0 arrays and, for broadcasts, bytes. */
export type Version = 1 | 2;

/** A broadcast on its way: its payload stays the bytes it came as, so no value changes and nothing is encoded twice. */
export interface Broadcast {
	event: string;
	body: Buffer;
	/** Whether the body is JSON text; bytes otherwise, which serializer 1.0.0 can't carry. */
	json: boolean;
	meta?: { id: string; replayed?: true };
}

/** What a client says. */
export interface Incoming {
	joinRef: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: Record<string, unknown>;
	/** Set for event `broadcast`. */
	broadcast?: Broadcast;
	/** Whether and how long a broadcast is to be kept for replay. */
	persist?: unknown;
}

const USER_BROADCAST_PUSH = 3;
const USER_BROADCAST = 4;
const TEXT = 0x1;
const BINARY = 0x2;

/** Reads a frame of either serializer; null when it is none. */
export function readFrame(data: Buffer, isBinary: boolean): Incoming | null {
	try {
		return isBinary ? readBinary(data) : readText(data.toString());
	} catch {
		return null;
	}
}

function readText(text: string): Incoming | null {
	const frame = parseExactly(text);
	const [joinRef, ref, topic, event, payload] = Array.isArray(frame)
		? (frame as unknown[])
		: isObject(frame)
			? [frame['join_ref'], frame['ref'], frame['topic'], frame['event'], frame['payload']]
			: [];
	if (typeof topic !== 'string' || typeof event !== 'string') return null;
	const incoming: Incoming = {
		joinRef: typeof joinRef === 'string' ? joinRef : null,
		ref: typeof ref === 'string' ? ref : null,
		topic,
		event,
		payload: isObject(payload) ? payload : {}
	};
	if (event === 'broadcast') {
		const { event: name, payload: body = {} } = incoming.payload;
		if (typeof name !== 'string') return null;
		incoming.broadcast = { event: name, body: Buffer.from(JSON.stringify(body)), json: true };
	}
	return incoming;
}

/** Kind 3: seven length bytes, then join_ref, ref, topic, event and metadata, then the payload. */
function readBinary(data: Buffer): Incoming | null {
	if (data[0] !== USER_BROADCAST_PUSH || data.length < 7) return null;
	let offset = 7;
	const [joinRef = '', ref = '', topic = '', event = '', metadata = ''] = [...data.subarray(1, 6)].map((length) =>
		data.toString('utf8', offset, (offset += length))
	);
	if (offset > data.length) return null;
	const body = data.subarray(offset);
	const json = data[6] === 1;
	if (json) JSON.parse(body.toString()); // what others get spliced into their frames must be whole
	const { persist } = metadata ? (JSON.parse(metadata) as { persist?: unknown }) : {};
	return {
		joinRef: joinRef || null,
		ref: ref || null,
		topic,
		event: 'broadcast',
		payload: {},
		broadcast: { event, body, json },
		persist
	};
}

/** A message to one channel or, without refs, to every channel of a topic; `payload` is JSON text. */
export function messageFrame(
	version: Version,
	joinRef: string | null,
	ref: string | null,
	topic: string,
	event: string,
	payload: string
): Buffer {
	const [r, t, e] = [JSON.stringify(ref), JSON.stringify(topic), JSON.stringify(event)];
	return webSocketFrame(
		TEXT,
		Buffer.from(
			version === 2
				? `[${JSON.stringify(joinRef)},${r},${t},${e},${payload}]`
				: `{"topic":${t},"event":${e},"payload":${payload},"ref":${r}}`
		)
	);
}

/** A broadcast to every channel of a topic; null when this serializer can't carry it. */
export function broadcastFrame(version: Version, topic: string, { event, body, json, meta }: Broadcast): Buffer | null {
	const metaText = meta ? JSON.stringify(meta) : '';
	if (version === 2) {
		const parts = [Buffer.from(topic), Buffer.from(event), Buffer.from(metaText)];
		if (parts.every((part) => part.length <= 255)) {
			const header = Buffer.from([USER_BROADCAST, ...parts.map((part) => part.length), json ? 1 : 0]);
			return webSocketFrame(BINARY, header, ...parts, body);
		}
	}
	if (!json) return null;
	const t = JSON.stringify(topic);
	const payload = `{"type":"broadcast","event":${JSON.stringify(event)},${metaText && `"meta":${metaText},`}"payload":`;
	return version === 2
		? webSocketFrame(TEXT, Buffer.from(`[null,null,${t},"broadcast",${payload}`), body, Buffer.from('}]'))
		: webSocketFrame(
				TEXT,
				Buffer.from(`{"topic":${t},"event":"broadcast","ref":null,"payload":${payload}`),
				body,
				Buffer.from('}}')
			);
}

/**
 * A whole WebSocket frame (RFC 6455, 5.2). A server's frames are not masked, so the same bytes go to every subscriber:
 * they are made once, not once a socket.
 */
function webSocketFrame(opcode: number, ...parts: Buffer[]): Buffer {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
	const frame = Buffer.allocUnsafe(2 + extended + length);
	frame[0] = 0x80 | opcode;
	frame[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
	if (extended === 2) frame.writeUInt16BE(length, 2);
	if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
	let offset = 2 + extended;
	for (const part of parts) offset += part.copy(frame, offset);
	return frame;
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
