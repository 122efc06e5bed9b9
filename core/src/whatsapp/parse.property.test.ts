import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from './events.ts';
import { fieldsOf, itemsOf } from './json.ts';
import { parseWebhook } from './parse.ts';

const folders = ['../../fixtures/whatsapp/', '../../../../shared/fixtures/whatsapp/inbound/']
	.map((path) => new URL(path, import.meta.url))
	.filter((folder) => existsSync(folder));
const bodies: unknown[] = folders.flatMap((folder) =>
	readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
);

/** Any JSON, spiced with the keys and values that mean something here. */
const words = fc.constant(
	'entry changes value field messages statuses history threads calls errors contacts metadata type text body id from timestamp image edit message original_message_id system interactive order __proto__ constructor'.split(
		' '
	)
);
const key = fc.oneof(
	words.chain((list) => fc.constantFrom(...list)),
	// V8 can read an escaped key as another escaped key of a similar object: `\"` came out as `\\`. Not ours to prove.
	fc.string({ maxLength: 4 }).filter((text) => !/["\\]/.test(text))
);
const leaf = fc.oneof(key, fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
	json: fc.oneof(
		{ depthSize: 'medium', maxDepth: 9 },
		leaf,
		fc.array(tie('json'), { maxLength: 4 }),
		fc.dictionary(key, tie('json'), { maxKeys: 6 })
	)
}));

/** A real body with one of its values, anywhere, replaced by anything or taken away. */
const mutated = fc
	.tuple(fc.constantFrom(...bodies), fc.nat(), fc.oneof(leaf, json), fc.boolean())
	.map(([body, at, replacement, removed]) => {
		const copy: unknown = structuredClone(body);
		const places = placesOf(copy);
		const place = places[at % places.length];
		if (place && removed) delete place.holder[place.key];
		else if (place) place.holder[place.key] = replacement;
		return JSON.parse(JSON.stringify(copy)) as unknown;
	});

function placesOf(value: unknown): { holder: Record<string, unknown>; key: string }[] {
	if (typeof value !== 'object' || value === null) return [];
	const holder = value as Record<string, unknown>;
	return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

/** How many messages and statuses a body holds, counted by its shape alone. */
function held(body: unknown): { messages: number; statuses: number } {
	const values = itemsOf(fieldsOf(body)?.entry)
		.flatMap((entry) => itemsOf(fieldsOf(entry)?.changes))
		.map((change) => fieldsOf(fieldsOf(change)?.value));
	const threads = values
		.flatMap((value) => itemsOf(value?.history))
		.flatMap((piece) => itemsOf(fieldsOf(piece)?.threads));
	const count = (list: unknown[], key: string) =>
		list.reduce<number>((sum, item) => sum + itemsOf(fieldsOf(item)?.[key]).length, 0);
	return {
		messages: ['messages', 'message_echoes', 'calls'].reduce(
			(sum, key) => sum + count(values, key),
			count(threads, 'messages')
		),
		statuses: count(values, 'statuses')
	};
}

function check(body: unknown): void {
	const events = parseWebhook(body);
	const text = JSON.stringify(events);
	expect(events.length).toBeGreaterThan(0);
	expect(events.filter(({ type }) => type === 'message')).toHaveLength(held(body).messages);
	const kept = (event: Event) => event.type === 'status' || (event.type === 'account' && event.field === 'statuses');
	expect(events.filter(kept).length).toBeGreaterThanOrEqual(held(body).statuses);
	expect(text.isWellFormed()).toBe(true);
	expect(text).not.toMatch(/(?<!\\)(\\\\)*\\u0000/);
	expect(JSON.stringify(parseWebhook(JSON.parse(JSON.stringify(body))))).toBe(text);
	for (const event of events) {
		const time = event.type === 'message' ? event.sent_at : event.at;
		expect(new Date(time).toISOString()).toBe(time);
		for (const identity of 'identities' in event ? event.identities : []) {
			expect(identity.value.length).toBeGreaterThan(0);
			expect(identity.value.length).toBeLessThanOrEqual(200);
		}
	}
}

test('any JSON at all gives events, storable ones, and the same ones again', () => {
	fc.assert(fc.property(json, check), { numRuns: 1500 });
});

test('a real body with anything changed in it loses no message and no status', () => {
	fc.assert(fc.property(mutated, check), { numRuns: 2500 });
});

test('bodies joined into one give the events of each', () => {
	const whole = bodies.filter((body) => Array.isArray(fieldsOf(body)?.entry));
	fc.assert(
		fc.property(fc.shuffledSubarray(whole, { minLength: 1 }), (chosen) => {
			const joined = {
				object: 'whatsapp_business_account',
				entry: chosen.flatMap((body) => itemsOf(fieldsOf(body)?.entry))
			};
			expect(parseWebhook(joined)).toEqual(chosen.flatMap(parseWebhook));
		}),
		{ numRuns: 50 }
	);
});
