import type { Business } from '../state/business.ts';
import { badParameter, unknownObject } from './error.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

/** `551130030001` → `+55 11 3003-0001`, as Graph shows it. */
export function display(number: string): string {
	const brazil = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(number);
	return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${number}`;
}

function node(business: Business): Record<string, unknown> {
	return {
		verified_name: business.name,
		code_verification_status: 'VERIFIED',
		display_phone_number: display(business.display_phone_number),
		quality_rating: 'GREEN',
		platform_type: 'CLOUD_API',
		throughput: { level: 'STANDARD' },
		last_onboarded_time: '2026-01-12T12:00:00+0000',
		webhook_configuration: {},
		id: business.phone_number_id
	};
}

/** Fields one gets only by asking. */
function more(business: Business): Record<string, unknown> {
	return {
		account_mode: 'LIVE',
		name_status: 'APPROVED',
		status: 'CONNECTED',
		is_official_business_account: false,
		is_pin_enabled: true,
		messaging_limit_tier: 'TIER_1K',
		whatsapp_business_manager_messaging_limit: 'TIER_1K',
		certificate: '',
		search_visibility: 'VISIBLE',
		health_status: {
			can_send_message: 'AVAILABLE',
			entities: [{ entity_type: 'PHONE_NUMBER', id: business.phone_number_id, can_send_message: 'AVAILABLE' }]
		}
	};
}

/** The fields asked for, `id` always; without asking, the usual ones. Throws 100 for a field there isn't. */
function chosen(business: Business, fields: string | null): Record<string, unknown> {
	if (fields === null) return node(business);
	const all = { ...node(business), ...more(business) };
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
	return { body: chosen(business, call.query.get('fields')), summary: 'phone number' };
}

/** `GET /:waba_id/phone_numbers` */
export function listPhoneNumbers(call: GraphCall, wabaId: string): GraphAnswer {
	const numbers = call.businesses.filter((business) => business.waba_id === wabaId);
	if (numbers.length === 0) throw unknownObject(call.method, wabaId);
	return {
		body: {
			data: numbers.map((business) => chosen(business, call.query.get('fields'))),
			paging: { cursors: { before: cursor(numbers[0]), after: cursor(numbers.at(-1)) } }
		},
		summary: 'phone numbers'
	};
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
