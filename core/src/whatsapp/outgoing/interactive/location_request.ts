import { field, object, word, type Rule } from '../rule.ts';
import { bodyField, type Body } from './parts.ts';

/** Asks where the customer is; it has neither header nor footer: …/whatsapp/messages/location-request-messages */
export interface LocationRequest {
	type: 'location_request_message';
	body: Body;
	action: { name: 'send_location' };
}

export const LOCATION_REQUEST_RULE: Rule = object([
	field('type', word('location_request_message')),
	bodyField(),
	field('action', object([field('name', word('send_location'), 'field_missing')]), 'field_missing')
]);
