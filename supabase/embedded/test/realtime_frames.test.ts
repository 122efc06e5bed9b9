import { RealtimeClient } from '@supabase/realtime-js';
import { describe, expect, it } from 'vitest';
import { parseExactly } from '../src/realtime/exact_json.ts';
import { broadcastFrame, messageFrame, readFrame } from '../src/realtime/frames.ts';

type Message = {
	join_ref: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: Record<string, unknown>;
};
const { encode, decode } = new RealtimeClient('ws://localhost', {
	params: { apikey: 'key' },
	vsn: '2.0.0'
}) as unknown as {
	encode(message: Message, give: (frame: string | ArrayBuffer) => void): void;
	decode(frame: string | ArrayBuffer, give: (message: Message) => void): void;
};

/** What a WebSocket hands to the page of a whole frame. */
function content(frame: Buffer): string | ArrayBuffer {
	const length = (frame[1] ?? 0) & 0x7f;
	const body = frame.subarray(length === 127 ? 10 : length === 126 ? 4 : 2);
	return (frame[0] ?? 0) === 0x81 ? body.toString() : Uint8Array.from(body).buffer;
}

function decoded(frame: Buffer | null): Message {
	let message: Message | undefined;
	decode(content(frame ?? Buffer.alloc(0)), (one) => (message = one));
	if (!message) throw new Error('the client could not read it');
	return message;
}

describe('realtime-js reads', () => {
	it.each([0, 100, 125, 126, 127, 65_535, 65_536, 200_000])('a broadcast of %i characters', (length) => {
		const body = Buffer.from(JSON.stringify({ text: 'é'.repeat(length) }));
		const frame = broadcastFrame(2, 'realtime:salão', { event: 'olá', body, json: true, meta: { id: 'x' } });
		expect(decoded(frame)).toMatchObject({
			topic: 'realtime:salão',
			event: 'broadcast',
			payload: { event: 'olá', payload: { text: 'é'.repeat(length) }, meta: { id: 'x' } }
		});
	});

	it('a broadcast whose topic is too long for the binary form', () => {
		const topic = `realtime:${'x'.repeat(300)}`;
		const frame = broadcastFrame(2, topic, { event: 'e', body: Buffer.from('{"n":1}'), json: true, meta: { id: 'x' } });
		expect(decoded(frame)).toMatchObject({ topic, payload: { event: 'e', payload: { n: 1 }, meta: { id: 'x' } } });
	});

	it('an answer', () => {
		const frame = messageFrame(2, '1', '2', 'realtime:"quoted"', 'phx_reply', '{"status":"ok","response":{}}');
		expect(decoded(frame)).toMatchObject({
			join_ref: '1',
			ref: '2',
			topic: 'realtime:"quoted"',
			payload: { status: 'ok' }
		});
	});
});

it('what realtime-js writes is read', () => {
	const payload = { type: 'broadcast', event: 'digitação', payload: { on: true } };
	encode({ join_ref: '1', ref: '2', topic: 'realtime:salão', event: 'broadcast', payload }, (frame) => {
		const read = readFrame(Buffer.from(frame as ArrayBuffer), true);
		expect(read).toMatchObject({ joinRef: '1', ref: '2', topic: 'realtime:salão', event: 'broadcast' });
		expect(read?.broadcast).toMatchObject({ event: 'digitação', json: true });
		expect(read?.broadcast?.body.toString()).toBe('{"on":true}');
	});
});

it('serializer 1.0.0 is spared what it can not carry', () => {
	const bytes = { event: 'e', body: Buffer.from([0, 255]), json: false };
	expect(broadcastFrame(1, 'realtime:x', bytes)).toBeNull();
	expect(broadcastFrame(2, 'realtime:x', bytes)).not.toBeNull();
});

it('a body that is no JSON never reaches those into whose frames it would be spliced', () => {
	const head = Buffer.from([3, 0, 0, 10, 1, 0, 1]);
	const frame = Buffer.concat([head, Buffer.from('realtime:xe'), Buffer.from('1},"event":"phx_close","x":{"y":1')]);
	expect(readFrame(frame, true)).toBeNull();
});

it('numbers keep every digit', () => {
	const exact = (text: string) => JSON.stringify(parseExactly(text));
	for (const text of [
		'9007199254740993',
		'[1.10,12345678901234567890]',
		'{"a":1e400}',
		'0.1',
		'"12345678901234567890"',
		'-0.0'
	])
		expect(exact(text)).toBe(text === '-0.0' ? '0' : text);
	expect(exact('{"n":9007199254740993,"z":-0.0}')).toBe('{"n":9007199254740993,"z":-0.0}');
});
