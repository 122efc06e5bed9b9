import { businessesOf } from '../state/business.ts';
import { badParameter, documented, unknownObject } from './error.ts';
import type { GraphAnswer, GraphCall } from './call.ts';

export const APP = {
	link: 'https://www.facebook.com/games/?app_id=670843887433847',
	name: 'Prosa',
	id: '670843887433847'
};

/** `GET`, `POST` and `DELETE /:waba_id/subscribed_apps`: whether the account's webhooks go to the token's app. */
export function subscribedApps(call: GraphCall, wabaId: string): GraphAnswer {
	if (!call.businesses.some((business) => business.waba_id === wabaId)) throw unknownObject(call.method, wabaId);
	if (call.method === 'GET') {
		return {
			body: { data: call.world.subscription(wabaId) ? [{ whatsapp_business_api_data: APP }] : [] },
			summary: 'subscribed apps'
		};
	}
	if (call.world.platform.management.refuse_subscription) throw documented(200);
	call.world.subscribe(wabaId, call.method === 'POST');
	return { body: { success: true }, summary: call.method === 'POST' ? 'subscribe' : 'unsubscribe' };
}

/** `GET /debug_token?input_token=…`: what a token may do; one nobody gave out is described as invalid, not refused. */
export function debugToken(call: GraphCall): GraphAnswer {
	const token = call.query.get('input_token');
	if (token === null || token === '') throw badParameter('The parameter input_token is required.');
	const businesses = businessesOf(call.world.businesses(), token);
	const { valid, expires_at, scopes } = call.world.platform.token(token);
	const expired = expires_at > 0 && expires_at * 1000 <= call.world.clock.now();
	if (businesses.length === 0 || !valid || expired) {
		return {
			body: {
				data: {
					error: expired
						? { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' }
						: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
					is_valid: false,
					scopes: [],
					...(expired ? { expires_at } : {})
				}
			},
			summary: 'debug token: invalid'
		};
	}
	const targets = [...new Set(businesses.map((business) => business.waba_id))];
	return {
		body: {
			data: {
				app_id: APP.id,
				type: 'SYSTEM_USER',
				application: APP.name,
				data_access_expires_at: 0,
				expires_at,
				is_valid: true,
				issued_at: 1_760_000_000,
				scopes,
				granular_scopes: scopes.map((scope) => ({ scope, target_ids: targets })),
				user_id: '122100000000000001'
			}
		},
		summary: 'debug token'
	};
}
