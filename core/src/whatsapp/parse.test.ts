import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Event, Message } from './events.ts';
import { NO_TIME } from './instant.ts';
import { parseWebhook } from './parse.ts';

const folder = new URL('../../fixtures/whatsapp/', import.meta.url);

function events(name: string): Event[] {
	return parseWebhook(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
}

function message(name: string, index = 0): Message {
	const found = events(name).filter((event) => event.type === 'message')[index];
	if (!found) throw new Error(`${name} has no message ${index}`);
	return found;
}

test('a Brazilian number keeps the form it came in, and is one key with the other', () => {
	const [short] = message('text_without_ninth_digit').identities;
	const [long] = message('text').identities;
	expect(short).toEqual({ kind: 'phone', value: '5511987650001', address: '551187650001' });
	expect(long?.value).toBe(short?.value);
});

test('text that Postgres cannot keep is made storable wherever it stands', () => {
	expect(JSON.stringify(events('text_unstorable'))).not.toMatch(/\\u0000|\\ud83d|\\udc00/i);
	const unknown = parseWebhook({ entry: [{ id: '1', changes: [{ field: 'x', value: { 'a\0b': ['\ud800'] } }] }] });
	expect(unknown).toMatchObject([{ payload: { ab: ['\ufffd'] } }]);
});

test('times come as seconds, milliseconds or nonsense, and a redelivery never changes them', () => {
	expect(message('text_time_in_milliseconds').sent_at).toBe('2026-09-21T14:15:23.456Z');
	expect(message('text_absurd_time').sent_at).toBe('2026-09-21T14:21:40.000Z');
	const bare = parseWebhook({
		entry: [{ changes: [{ value: { messages: [{ id: 'wamid.1', type: 'text', text: { body: 'a' } }] } }] }]
	});
	expect(bare).toMatchObject([{ sent_at: NO_TIME, identities: [] }]);
});

test('a voice message, a file and a sticker are told apart', () => {
	expect(message('voice').content).toMatchObject({ kind: 'audio', voice: true, media_id: '900002' });
	expect(message('audio').content).toMatchObject({ kind: 'audio', voice: false });
	expect(message('document').content).toMatchObject({ filename: 'orçamento.pdf', caption: null });
	expect(message('sticker_animated').content).toMatchObject({ kind: 'sticker', animated: true, media_id: '900006' });
});

test('an order adds up to the cent; one in two currencies has no total', () => {
	expect(message('order').content).toMatchObject({ total: 12.3, currency: 'BRL', text: 'Para sábado' });
	expect(message('order_two_currencies').content).toMatchObject({ total: null, currency: null });
});

test("a Flow's answers come as fields; an answer that is not JSON is kept as text", () => {
	const answer = message('flow_reply').content;
	expect(answer).toMatchObject({ type: 'nfm_reply', response: { nota: '5', comentario: 'Ótimo!', flow_token: 'f1' } });
	expect(message('flow_reply_broken').content).toMatchObject({ response: null, description: '{nota:' });
});

test('forwarded, the ad, the product and the group stand beside any content', () => {
	expect(message('text_forwarded_often').content).toMatchObject({ forwarded: true, frequently_forwarded: true });
	expect(message('text_from_ad').content).toMatchObject({ referral: { source_type: 'ad', ctwa_clid: 'clid-1' } });
	expect(message('text_about_product').content).toMatchObject({ referred_product: { product_retailer_id: 'sonho' } });
	expect(message('group_message').content).toMatchObject({ group_id: 'grp-1' });
});

test('an edit carries the new message whole', () => {
	expect(message('edit').content).toEqual({
		kind: 'edit',
		message: { kind: 'text', text: 'Bom dia! Ainda tem broa?' }
	});
	expect(message('edit_of_something_new').content).toMatchObject({
		message: { kind: 'unsupported', type: 'hologram' }
	});
});

test('a part that is broken is kept raw and the next one goes through', () => {
	const [broken, ...others] = events('broken_parts') as Message[];
	expect(broken?.content).toMatchObject({ kind: 'unsupported', type: 'text', raw: { text: null } });
	expect(others.at(-1)?.body).toBe('E esta está inteira');
	expect(message('unsupported').content).toMatchObject({ errors: [{ code: 131051 }] });
});

test('a message without an id gets the same one each time it is delivered', () => {
	const ids = events('strange_messages').map((event) => event.type === 'message' && event.external_id);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids).toEqual(events('strange_messages').map((event) => event.type === 'message' && event.external_id));
});

test('the two ends of a call are two lines joined by its id', () => {
	expect(events('calls').map((event) => event.type === 'message' && event.external_id)).toEqual([
		'wacid.PROSA1:connect',
		'wacid.PROSA1:terminate',
		'wacid.PROSA2:terminate'
	]);
	expect(message('calls', 1).content).toMatchObject({
		call_id: 'wacid.PROSA1',
		duration_seconds: 92,
		status: 'COMPLETED'
	});
});

test('a status brings our own id, its error and what it cost', () => {
	const [sent] = events('statuses');
	expect(sent).toMatchObject({
		opaque: '0b6f0a39-6f1f-4b39-a7a4-7f6f4a0c8a11',
		pricing: { category: 'service', conversation: { id: 'c1' } }
	});
	expect(events('status_failed')[0]).toMatchObject({
		error: { code: 131047, title: 'Re-engagement message', details: 'More than 24 hours have passed' }
	});
});

test('each event knows the number it came to', () => {
	const places = events('many_entries').map((event) => event.phone_number_id);
	expect(places).toEqual([...Array<string>(4).fill('106540352242922'), '106540352242933']);
});

test('after a change of number everything that tells of it ends with the new one', () => {
	for (const event of events('system_new_number')) {
		expect('identities' in event && event.identities.at(-1)?.value).toBe('5521987650001');
	}
});

test('names that every object has are no types', () => {
	for (const type of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
		const body = {
			entry: [{ id: '1', changes: [{ field: type, value: { messages: [{ id: 'a', type, from: '16505551234' }] } }] }]
		};
		expect(parseWebhook(body)).toMatchObject([{ kind: 'unsupported', content: { type } }]);
	}
});

test('nesting without end is cut, not followed', () => {
	const deep: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
	expect(() => JSON.stringify(parseWebhook({ entry: [{ changes: [{ value: { deep } }] }] }))).not.toThrow();
	expect(() => JSON.stringify(parseWebhook(deep))).not.toThrow();
});
