import { describe, expect, test } from 'vitest';
import { MARINA, PADARIA, stage, text, type Stage } from './stage.ts';

/** Makes Marina do something and answers with the message object the door got. */
async function reported(
	{ writes, door, until }: Stage,
	body: Record<string, unknown>
): Promise<Record<string, unknown>> {
	const id = await writes(body);
	const arrived = (): Record<string, unknown> | undefined => door.messages().find((message) => message.id === id);
	await until('the door got it', () => arrived() !== undefined);
	return arrived() ?? {};
}

const media = (more: object) => ({
	id: expect.stringMatching(/^\d{15}$/) as unknown,
	sha256: expect.stringMatching(/^[\w+/]{43}=$/) as unknown,
	url: expect.stringContaining('source=webhook') as unknown,
	...more
});

describe('what a customer sends', () => {
	test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
		[
			'a picture',
			{ kind: 'image', caption: 'bolo' },
			{ type: 'image', image: media({ caption: 'bolo', mime_type: 'image/jpeg' }) }
		],
		[
			'a voice note',
			{ kind: 'voice' },
			{ type: 'audio', audio: media({ mime_type: 'audio/ogg; codecs=opus', voice: true }) }
		],
		[
			'an audio file',
			{ kind: 'audio' },
			{ type: 'audio', audio: media({ mime_type: 'audio/ogg; codecs=opus', voice: false }) }
		],
		[
			'a document',
			{ kind: 'document', filename: 'nota.pdf' },
			{ type: 'document', document: media({ filename: 'nota.pdf', mime_type: 'application/pdf' }) }
		],
		[
			'a sticker',
			{ kind: 'sticker' },
			{ type: 'sticker', sticker: media({ mime_type: 'image/webp', animated: false }) }
		],
		[
			'a place',
			{ kind: 'location', content: { latitude: -23.5, longitude: -46.6, name: 'Casa' } },
			{ type: 'location', location: { latitude: -23.5, longitude: -46.6, name: 'Casa' } }
		],
		[
			'a button answer',
			{ kind: 'button_reply', id: 'sim', title: 'Sim' },
			{ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'sim', title: 'Sim' } } }
		],
		[
			'a list answer',
			{ kind: 'list_reply', id: '1', title: 'Bolo' },
			{ type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '1', title: 'Bolo' } } }
		],
		[
			'a form',
			{ kind: 'nfm_reply', response: { nota: '5' } },
			{
				type: 'interactive',
				interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{"nota":"5"}', body: 'Sent', name: 'flow' } }
			}
		],
		[
			'a template button',
			{ kind: 'button', text: 'Quero', payload: 'q' },
			{ type: 'button', button: { text: 'Quero', payload: 'q' } }
		],
		[
			'an order',
			{ kind: 'order', items: [{ product: 'BOLO', quantity: 2, price: 30 }] },
			{
				type: 'order',
				order: {
					catalog_id: '367025965434465',
					text: '',
					product_items: [{ product_retailer_id: 'BOLO', quantity: 2, item_price: 30, currency: 'BRL' }]
				}
			}
		],
		[
			'something unknown',
			{ kind: 'unsupported' },
			{
				type: 'unsupported',
				unsupported: { type: 'poll_creation' },
				errors: [{ code: 131051, title: 'Message type unknown' }]
			}
		],
		[
			'a forwarded text',
			{ kind: 'text', text: 'veja', forwarded: true },
			{ type: 'text', context: { forwarded: true } }
		],
		[
			'a text from an ad',
			{ kind: 'text', text: 'oi', referral: true },
			{ type: 'text', referral: { source_type: 'ad', ctwa_clid: expect.any(String) as unknown } }
		],
		[
			'a product question',
			{ kind: 'text', text: 'tem?', referred_product: { catalog_id: '1', product_retailer_id: 'p' } },
			{ context: { referred_product: { catalog_id: '1', product_retailer_id: 'p' } } }
		],
		[
			'anything at all',
			{ kind: 'raw', message: { type: 'hologram', hologram: { depth: 3 } } },
			{ type: 'hologram', hologram: { depth: 3 }, from: MARINA }
		]
	])('%s arrives as Meta would report it', async (_what, body, expected) => {
		expect(await reported(await stage(), body)).toMatchObject(expected);
	});

	test('contact cards arrive as a list', async () => {
		const message = await reported(await stage(), {
			kind: 'contacts',
			contacts: [{ name: 'Ana Paula', phone: '+55 11 91234-5678' }]
		});
		expect(message['contacts']).toEqual([
			{
				name: { formatted_name: 'Ana Paula', first_name: 'Ana', last_name: 'Paula' },
				phones: [{ phone: '+55 11 91234-5678', type: 'CELL', wa_id: '5511912345678' }]
			}
		]);
	});

	test('an answer quotes the business’s message', async () => {
		const play = await stage();
		const id = await play.sent(text('Confirma?'));
		expect(await reported(play, { kind: 'text', text: 'Sim', context: id })).toMatchObject({
			context: { from: '551130030001', id }
		});
	});

	test('a reaction, an edit and a deletion name their message and show on its bubble', async () => {
		const play = await stage();
		const own = await play.writes({ kind: 'text', text: 'oi' });
		const theirs = await play.sent(text());
		expect(await reported(play, { kind: 'reaction', message_id: theirs, emoji: '👍' })).toMatchObject({
			type: 'reaction',
			reaction: { message_id: theirs, emoji: '👍' }
		});
		expect(await reported(play, { kind: 'edit', message_id: own, text: 'olá' })).toMatchObject({
			type: 'edit',
			edit: { original_message_id: own, message: { context: { id: 'M0' }, type: 'text', text: { body: 'olá' } } }
		});
		expect(await reported(play, { kind: 'revoke', message_id: own })).toMatchObject({
			type: 'revoke',
			revoke: { original_message_id: own }
		});
		const { chats } = play.simulator.world;
		expect(chats.get(theirs)?.reactions).toEqual({ customer: '👍' });
		expect(chats.get(own)).toMatchObject({
			content: { body: 'olá' },
			edited_at: expect.any(Number) as unknown,
			revoked_at: expect.any(Number) as unknown
		});
		expect(chats.of(`${PADARIA}|${MARINA}`)).toHaveLength(2);
	});

	test('a person without a number is known by id and username alone', async () => {
		const play = await stage();
		const message = await reported(play, { from: '@luna.artes', kind: 'text', text: 'oi' });
		expect(message).toMatchObject({ from: '', from_user_id: expect.stringMatching(/^BR\.\d{19}$/) as unknown });
		expect(play.door.arrivals[0]?.body.entry[0]?.changes[0]?.value.contacts).toEqual([
			{ profile: { name: 'Luna', username: '@luna.artes' }, wa_id: '', user_id: message['from_user_id'] }
		]);
	});

	test('a person has another id for each business', async () => {
		const play = await stage();
		const here = await reported(play, { kind: 'text', text: 'oi' });
		const there = await reported(play, { phone_number_id: '106540352242933', kind: 'text', text: 'oi' });
		expect(here['from_user_id']).not.toBe(there['from_user_id']);
	});

	test('a new number brings a system message and a new id, and the chat goes on', async () => {
		const play = await stage();
		const before = await reported(play, { kind: 'text', text: 'oi' });
		expect(
			await reported(play, { kind: 'system', change: 'user_changed_number', new_number: '5511955550000' })
		).toMatchObject({
			type: 'system',
			from: MARINA,
			system: { type: 'user_changed_number', wa_id: '5511955550000' }
		});
		const after = await reported(play, { from: '5511955550000', kind: 'text', text: 'sou eu' });
		expect(after['from']).toBe('5511955550000');
		expect(after['from_user_id']).not.toBe(before['from_user_id']);
		expect(play.simulator.world.chats.list()).toHaveLength(1);
	});

	test('a stop of marketing comes as a preference', async () => {
		const { writes, door, until } = await stage();
		await writes({ kind: 'preference', value: 'stop' });
		await until('it arrived', () => door.arrivals.length === 1);
		expect(door.arrivals[0]?.body.entry[0]?.changes[0]).toMatchObject({
			field: 'user_preferences',
			value: { user_preferences: [{ wa_id: MARINA, category: 'marketing_messages', value: 'stop' }] }
		});
	});

	test('a wrong request is refused in plain words', async () => {
		const { control } = await stage();
		const place = { phone_number_id: PADARIA, from: MARINA };
		expect(await control('/inbound', { ...place, kind: 'location', latitude: 200, longitude: 0 })).toMatchObject({
			status: 400,
			body: { error: expect.stringContaining('latitude') as unknown }
		});
		expect(
			(await control('/inbound', { ...place, kind: 'revoke', message_id: 'wamid.x', oops: 1 })).body['error']
		).toContain('oops');
		expect(await control('/inbound', { ...place, phone_number_id: '1', text: 'oi' })).toMatchObject({
			status: 404,
			body: { error: expect.stringContaining(PADARIA) as unknown }
		});
	});

	test('nobody can edit a message that isn’t theirs', async () => {
		const { control, sent } = await stage();
		const message_id = await sent(text());
		const answer = await control('/inbound', {
			phone_number_id: PADARIA,
			from: MARINA,
			kind: 'edit',
			message_id,
			text: 'x'
		});
		expect(answer).toEqual({
			status: 400,
			body: { error: 'a customer can only edit or delete messages of their own' }
		});
	});
});
