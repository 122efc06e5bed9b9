import { expect, test } from 'vitest';
import { OFICINA, PADARIA, stage, text } from './stage.ts';

const ACCOUNT = '102290129340398';

test('a phone number tells its name, quality and throughput, or only the fields asked for', async () => {
	const { graph } = await stage();
	expect((await graph('GET', `/v26.0/${PADARIA}`)).body).toMatchObject({
		id: PADARIA,
		verified_name: 'Padaria Pão Quente',
		display_phone_number: '+55 11 3003-0001',
		quality_rating: 'GREEN',
		code_verification_status: 'VERIFIED',
		throughput: { level: 'STANDARD' }
	});
	expect((await graph('GET', `/v26.0/${PADARIA}?fields=status,name_status`)).body).toEqual({
		status: 'CONNECTED',
		name_status: 'APPROVED',
		id: PADARIA
	});
	expect((await graph('GET', `/v26.0/${PADARIA}?fields=colour`)).body.error?.message).toContain(
		'nonexisting field (colour)'
	);
});

test('an account lists its numbers, and only to a token that may see it', async () => {
	const { graph } = await stage();
	expect((await graph('GET', `/v26.0/${ACCOUNT}/phone_numbers`)).body).toMatchObject({ data: [{ id: PADARIA }] });
	const other = await graph('GET', `/v26.0/${ACCOUNT}/phone_numbers`, undefined, 'demo-token-oficina');
	expect(other.body.error).toMatchObject({ code: 100, error_subcode: 33 });
	expect((await graph('GET', `/v26.0/${OFICINA}`)).status).toBe(400);
});

test('an account without a subscribed app gets no webhooks until it subscribes again', async () => {
	const { graph, writes, door, simulator, until } = await stage();
	const path = `/v26.0/${ACCOUNT}/subscribed_apps`;
	expect((await graph('GET', path)).body).toMatchObject({ data: [{ whatsapp_business_api_data: { name: 'Prosa' } }] });
	expect((await graph('DELETE', path)).body).toEqual({ success: true });
	expect((await graph('GET', path)).body).toEqual({ data: [] });
	await writes({ ...text(), kind: 'text', text: 'alô?' }).catch(() => undefined);
	await simulator.idle();
	expect(door.arrivals).toHaveLength(0);
	expect((await graph('POST', path)).body).toEqual({ success: true });
	await writes({ kind: 'text', text: 'alô?' });
	await until('the door heard', () => door.arrivals.length === 1);
});

test('a token can be looked into', async () => {
	const { graph } = await stage();
	expect((await graph('GET', '/v26.0/debug_token?input_token=demo-token-oficina')).body).toMatchObject({
		data: {
			is_valid: true,
			scopes: expect.arrayContaining(['whatsapp_business_messaging']) as unknown,
			granular_scopes: [{ target_ids: ['102290129340399'] }, { target_ids: ['102290129340399'] }]
		}
	});
	expect((await graph('GET', '/v26.0/debug_token?input_token=nonsense')).body).toMatchObject({
		data: { is_valid: false, error: { code: 190 } }
	});
});
