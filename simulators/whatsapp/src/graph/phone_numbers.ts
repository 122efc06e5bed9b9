import type { Business } from '../state/business.ts';
import type { NumberState } from '../state/platform.ts';
import { badParameter, GraphError, unknownObject } from './error.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

/** `551130030001` → `+55 11 3003-0001`, as Graph shows it. */
export function display(number: string): string {
	const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(number);
	return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${number}`;
}

function node(business: Business, state: NumberState): Record<string, unknown> {
	return {
		verified_name: business.name,
		code_verification_status: 'VERIFIED',
		display_phone_number: display(business.display_phone_number),
		quality_rating: state.quality_rating,
		platform_type: 'CLOUD_API',
		throughput: { level: state.throughput },
		last_onboarded_time: '2026-01-12T12:00:00+0000',
		webhook_configuration: {},
		id: business.phone_number_id
	};
}

/** Fields one gets only by asking. */
function more(business: Business, state: NumberState): Record<string, unknown> {
	return {
		account_mode: 'LIVE',
		name_status: state.name_status,
		status: state.status,
		is_official_business_account: false,
		is_pin_enabled: true,
		messaging_limit_tier: state.messaging_limit,
		whatsapp_business_manager_messaging_limit: state.messaging_limit,
		certificate: '',
		search_visibility: 'VISIBLE',
		health_status: {
			can_send_message: 'AVAILABLE',
			entities: [{ entity_type: 'PHONE_NUMBER', id: business.phone_number_id, can_send_message: 'AVAILABLE' }]
		}
	};
}

/** The fields asked for, `id` always; without asking, the usual ones. Throws 100 for a field there isn't. */
function chosen(business: Business, state: NumberState, fields: string | null): Record<string, unknown> {
	if (fields === null) return node(business, state);
	const all = { ...node(business, state), ...more(business, state) };
	const names = fields
		.split(',')
		.map((field) => (field.trim().split('{')[0] ?? '').trim())
		.filter((field) => field !== '');
	const picked: Record<string, unknown> = {};
	for (const name of names) {
		if (!Object.hasOwn(all, name))
			throw badParameter(
				`Tried accessing nonexisting field (${name}) on node type (WhatsAppBusinessPreVerifiedPhoneNumber)`
			);
		picked[name] = all[name];
	}
	return { ...picked, id: business.phone_number_id };
}

/** `GET /:phone_number_id` */
export function getPhoneNumber(call: GraphCall, business: Business): GraphAnswer {
	return {
		body: chosen(business, call.world.platform.number(business.phone_number_id), call.query.get('fields')),
		summary: 'phone number'
	};
}

/** `GET /:waba_id/phone_numbers` */
export function listPhoneNumbers(call: GraphCall, wabaId: string): GraphAnswer {
	const numbers = call.businesses.filter((business) => business.waba_id === wabaId);
	if (numbers.length === 0) throw unknownObject(call.method, wabaId);
	return {
		body: {
			data: numbers.map((business) =>
				chosen(business, call.world.platform.number(business.phone_number_id), call.query.get('fields'))
			),
			paging: { cursors: { before: cursor(numbers[0]), after: cursor(numbers.at(-1)) } }
		},
		summary: 'phone numbers'
	};
}

/** `POST /:phone_number_id/register`: takes a number into use under the PIN of its two-step verification. */
export function register(call: GraphCall, business: Business): GraphAnswer {
	const pin = call.query.get('pin') ?? '';
	if (call.query.get('messaging_product') !== 'whatsapp') throw badParameter('messaging_product must be whatsapp');
	if (!/^\d{6}$/.test(pin)) throw badParameter('Param pin must be 6 digits');
	if (pin !== call.world.platform.number(business.phone_number_id).pin) {
		throw new GraphError({ status: 400, code: 133005, message: '(#133005) Two step verification PIN Mismatch' });
	}
	call.world.platform.setNumber(business.phone_number_id, { status: 'CONNECTED' });
	return { body: { success: true }, summary: 'register' };
}

const cursor = (business: Business | undefined): string =>
	Buffer.from(business?.phone_number_id ?? '').toString('base64url');

/** `GET /:waba_id` */
export function getAccount(business: Business): GraphAnswer {
	return {
		body: {
			id: business.waba_id,
			name: business.name,
			currency: 'BRL',
			timezone_id: '25',
			message_template_namespace: `ns_${business.waba_id}`
		},
		summary: 'account'
	};
}
