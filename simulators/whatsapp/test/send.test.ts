import { describe, expect, test } from 'vitest';
import { MARINA, OFICINA, PADARIA, stage, text, AN_ORDER } from './stage.ts';

describe('an accepted send', () => {
	test('is answered with the person and a message id of WhatsApp’s own shape', async () => {
		const { send } = await stage();
		const answer = await send({ ...text(), to: '+55 11 98765-0001' });
		expect(answer.status).toBe(200);
		expect(answer.body).toEqual({
			messaging_product: 'whatsapp',
			contacts: [{ input: '+55 11 98765-0001', wa_id: MARINA }],
			messages: [{ id: expect.stringMatching(/^wamid\.HBgN[A-Za-z0-9+/]+=*$/) }]
		});
	});

	test('never has the id of another', async () => {
		const { sent } = await stage();
		const ids = await Promise.all(Array.from({ length: 20 }, () => sent(text())));
		expect(new Set(ids).size).toBe(20);
	});

	test('finds a Brazilian number with and without its ninth digit', async () => {
		const { send } = await stage();
		expect((await send({ ...text(), to: '551187650001' })).body).toMatchObject({
			contacts: [{ input: '551187650001', wa_id: MARINA }]
		});
	});

	test('reaches somebody without a number through `recipient`, and says so', async () => {
		const { graph, writes, door, until } = await stage();
		await writes({ from: 'luna.artes', kind: 'text', text: 'oi' });
		await until('Luna’s message arrived', () => door.messages().length === 1);
		const userId = String(door.messages()[0]?.['from_user_id']);
		const answer = await graph('POST', `/v26.0/${PADARIA}/messages`, {
			messaging_product: 'whatsapp',
			recipient: userId,
			...text()
		});
		expect(answer.body).toMatchObject({ contacts: [{ input: userId, wa_id: '', user_id: userId }] });
		await until('it was delivered', () => door.statuses().some(({ status }) => status === 'delivered'));
		expect(door.statuses()[0]).toMatchObject({ recipient_id: '', recipient_user_id: userId });
	});

	test('of a template says that it was accepted', async () => {
		const { send } = await stage();
		const answer = await send({ type: 'template', template: AN_ORDER });
		expect(answer.body.messages?.[0]?.message_status).toBe('accepted');
	});

	test('takes every version from v20.0 on', async () => {
		const { graph } = await stage();
		for (const version of ['v20.0', 'v24.0', 'v26.0']) {
			expect((await graph('GET', `/${version}/${PADARIA}`)).status, version).toBe(200);
		}
	});
});

describe('a refused call', () => {
	test.each(['/v19.0', '/v99.0', '/v26.1', '/latest'])('names the path when the version is %s', async (version) => {
		const { graph } = await stage();
		const answer = await graph('POST', `${version}/${PADARIA}/messages`, {});
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatchObject({
			message: `Unknown path components: ${version}/${PADARIA}/messages`,
			type: 'OAuthException',
			code: 2500
		});
	});

	test.each([
		['a wrong token', 'EAAwrong', 'Invalid OAuth access token - Cannot parse access token'],
		['no token', null, 'An access token is required to request this resource.']
	])('with %s is 401 and code 190', async (_what, token, message) => {
		const { graph } = await stage();
		const answer = await graph('POST', `/v26.0/${PADARIA}/messages`, text(), token);
		expect(answer.status).toBe(401);
		expect(answer.body).toEqual({
			error: { message, type: 'OAuthException', code: 190, fbtrace_id: expect.stringMatching(/^A[\w-]{20,}$/) }
		});
	});

	test.each([
		['nobody has', '999'],
		['another business has', OFICINA]
	])('for a phone number id %s is 400, code 100, subcode 33', async (_what, number) => {
		const { send } = await stage();
		const answer = await send(text(), number);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
		expect(answer.body.error?.message).toContain(`Unsupported post request. Object with ID '${number}' does not exist`);
	});

	test.each([
		['an unknown key', { ...text(), mesage: 1 }, '(#100) Unexpected key "mesage"'],
		[
			'an unknown key inside',
			{ type: 'text', text: { body: 'a', bold: true } },
			'(#100) Unexpected key "bold" on param "text".'
		],
		['no text', { type: 'text' }, '(#100) The parameter text is required.'],
		['no body', { type: 'text', text: {} }, "(#100) The parameter text['body'] is required."],
		['a number as body', { type: 'text', text: { body: 5 } }, "(#100) Param text['body'] must be a string."],
		['4097 characters', text('x'.repeat(4_097)), "(#100) Param text['body'] must be at most 4096 characters long."],
		[
			'a long opaque',
			{ ...text(), biz_opaque_callback_data: 'x'.repeat(513) },
			'(#100) Param biz_opaque_callback_data must be at most 512 characters long.'
		],
		[
			'another product',
			{ ...text(), messaging_product: 'sms' },
			'(#100) Param messaging_product must be one of {WHATSAPP} - got "sms".'
		],
		[
			'a latitude off the earth',
			{ type: 'location', location: { latitude: 91, longitude: 0 } },
			"(#100) Param location['latitude'] must be at most 90."
		]
	])('with %s says so with code 100', async (_what, body, message) => {
		const { send } = await stage();
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatchObject({ code: 100, type: 'OAuthException', message });
	});

	test('without product or recipient names what is missing', async () => {
		const { graph } = await stage();
		const path = `/v26.0/${PADARIA}/messages`;
		expect((await graph('POST', path, { to: MARINA, ...text() })).body.error?.message).toBe(
			'(#100) The parameter messaging_product is required.'
		);
		expect((await graph('POST', path, { messaging_product: 'whatsapp', ...text() })).body.error?.message).toBe(
			'(#100) The parameter to is required.'
		);
	});

	const button = (title: string, id = title) => ({ type: 'reply', reply: { id, title } });
	const buttons = (list: unknown[]) => ({
		type: 'interactive',
		interactive: { type: 'button', body: { text: 'Confirma?' }, action: { buttons: list } }
	});
	const rows = (count: number) =>
		Array.from({ length: count }, (_, index) => ({ id: `r${index}`, title: `Linha ${index}` }));
	test.each([
		[
			'four buttons',
			buttons(['a', 'b', 'c', 'd'].map((title) => button(title))),
			'Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3'
		],
		[
			'a button of 21 letters',
			buttons([button('x'.repeat(21))]),
			'Button title length invalid. Min length: 1, Max length: 20'
		],
		['two buttons of one id', buttons([button('a', '1'), button('b', '1')]), 'Duplicate button ids are not allowed.'],
		[
			'eleven rows',
			{
				type: 'interactive',
				interactive: {
					type: 'list',
					body: { text: 'Escolha' },
					action: { button: 'Ver', sections: [{ rows: rows(11) }] }
				}
			},
			'Total row count exceed max allowed count: 10'
		],
		[
			'a malformed number',
			{ ...text(), to: 'abc' },
			'The phone number is malformed: Please use the format: +1234567890.'
		],
		[
			'media nobody uploaded',
			{ type: 'image', image: { id: '123' } },
			'image id "123" is not a media ID of this phone number, or has expired.'
		]
	])('with %s is 131009 and the details say why', async (_what, body, details) => {
		const { send } = await stage();
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatchObject({
			code: 131009,
			message: '(#131009) Parameter value is not valid',
			error_data: { messaging_product: 'whatsapp', details }
		});
	});

	test('to the sender itself is 131021, of an unknown type 131051', async () => {
		const { send } = await stage();
		expect((await send({ ...text(), to: '551130030001' })).body.error).toMatchObject({ code: 131021 });
		expect((await send({ type: 'poll', poll: {} })).body.error).toMatchObject({
			code: 131051,
			message: '(#131051) Unsupported message type'
		});
	});

	test('sends nothing', async () => {
		const { send, door, simulator } = await stage();
		await send({ ...text(), mesage: 1 });
		await simulator.idle();
		expect(door.arrivals).toEqual([]);
		expect(simulator.world.chats.list()).toEqual([]);
	});
});

test('Meta having a bad day is 500 with 131000 when that fault is on', async () => {
	const { send, control } = await stage();
	await control('/faults', { refuse: 1 });
	const answer = await send(text());
	expect(answer.status).toBe(500);
	expect(answer.body.error).toMatchObject({ code: 131000, message: '(#131000) Something went wrong' });
	await control('/faults', { refuse: 0 });
	expect((await send(text())).status).toBe(200);
});

test('an answer that gets lost leaves the message sent and its tracking data in the statuses', async () => {
	const { send, control, door, until } = await stage();
	await control('/faults', { answer_lost: 1 });
	await expect(send({ ...text(), biz_opaque_callback_data: 'tentativa-7' })).rejects.toThrow();
	await until('it was delivered', () => door.statuses().some(({ status }) => status === 'delivered'));
	expect(door.statuses().map((status) => status.biz_opaque_callback_data)).toEqual(['tentativa-7', 'tentativa-7']);
});

describe('marking as read', () => {
	test('is answered with success, turns the ticks blue and shows the typing', async () => {
		const { graph, writes, simulator } = await stage();
		const first = await writes({ kind: 'text', text: 'oi' });
		const second = await writes({ kind: 'text', text: 'tem pão?' });
		const answer = await graph('POST', `/v26.0/${PADARIA}/messages`, {
			messaging_product: 'whatsapp',
			status: 'read',
			message_id: second,
			typing_indicator: { type: 'text' }
		});
		expect(answer).toEqual({ status: 200, body: { success: true } });
		expect([first, second].map((id) => simulator.world.chats.get(id)?.status)).toEqual(['read', 'read']);
	});

	test('of a message of another number is refused', async () => {
		const { graph, writes } = await stage();
		const id = await writes({ phone_number_id: OFICINA, kind: 'text', text: 'oi' });
		const body = { messaging_product: 'whatsapp', status: 'read', message_id: id };
		expect((await graph('POST', `/v26.0/${PADARIA}/messages`, body)).body.error?.code).toBe(131009);
	});
});
