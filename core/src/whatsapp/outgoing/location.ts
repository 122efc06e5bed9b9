import { field, object, text, word, type Rule } from './rule.ts';

/** …/whatsapp/messages/location-messages names no limit for these; the API refuses more than 1,000 characters. */
export const PLACE_MAX = 1_000;

export interface OutgoingLocation {
	kind: 'location';
	latitude: number;
	longitude: number;
	name?: string | null;
	address?: string | null;
}

export const LOCATION_RULE: Rule = object([
	field('kind', word('location')),
	field(
		'latitude',
		{ is: 'number', min: -90, max: 90, low: 'latitude_invalid', high: 'latitude_invalid' },
		'latitude_invalid'
	),
	field(
		'longitude',
		{ is: 'number', min: -180, max: 180, low: 'longitude_invalid', high: 'longitude_invalid' },
		'longitude_invalid'
	),
	field('name', text(PLACE_MAX, 'place_too_long')),
	field('address', text(PLACE_MAX, 'place_too_long'))
]);
