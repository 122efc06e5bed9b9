import { z } from 'zod';
import { part } from './part.ts';
import { Amount, MaybeText } from './schema.ts';

export const LocationPayload = z.object({
	latitude: Amount.refine((degrees) => Math.abs(degrees) <= 90),
	longitude: Amount.refine((degrees) => Math.abs(degrees) <= 180),
	name: MaybeText,
	address: MaybeText,
	url: MaybeText
});

export const location = part('location', LocationPayload, (place) => ({
	content: { kind: 'location', ...place },
	body: [place.name, place.address].filter(Boolean).join(', ')
}));
