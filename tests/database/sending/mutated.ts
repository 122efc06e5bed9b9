import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What may stand in the place of anything: nothing, edges of lengths and numbers, other types, words of other fields. */
const anything: fc.Arbitrary<Json | undefined> = fc.oneof(
	fc.constantFrom<(Json | undefined)[]>(
		undefined,
		null,
		true,
		false,
		'',
		' ',
		[],
		{},
		0,
		1,
		-1,
		1.5,
		91,
		1e15,
		'9',
		'10',
		'text'
	),
	fc.constantFrom(
		'image',
		'video',
		'list',
		'button',
		'reply',
		'quick_reply',
		'cta_url',
		'header',
		'body',
		'url',
		'👍',
		'3'
	),
	fc.constantFrom(
		'https://padaria.test',
		'https://',
		'HTTPS://A',
		'image/png',
		' image/png ; q=1',
		'audio/ogg',
		'pt_BR',
		'2020-01-01'
	),
	fc
		.constantFrom(19, 20, 21, 24, 25, 60, 61, 72, 73, 160, 161, 240, 241, 1_024, 1_025, 4_096, 4_097)
		.map((n) => 'é'.repeat(n)),
	fc.integer(),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.string({ unit: 'grapheme' }),
	fc.jsonValue() as fc.Arbitrary<Json>
);

/** One of the samples with up to three places of it changed, taken away, repeated or added to. */
export function mutated(samples: unknown[]): fc.Arbitrary<unknown> {
	const change = fc.record({
		where: fc.nat(),
		how: fc.constantFrom('replace', 'replace', 'repeat', 'add'),
		value: anything,
		name: fc.constantFrom('text', 'path', 'link', 'id', 'title', 'size', 'type', 'footer', 'header', 'nobody_knows')
	});
	return fc.record({ sample: fc.nat(), changes: fc.array(change, { maxLength: 3 }) }).map(({ sample, changes }) => {
		let content = structuredClone(samples[sample % samples.length]) as Json;
		for (const { where, how, value, name } of changes) {
			const places = placesOf(content);
			const place = places[where % places.length];
			if (!place) continue;
			const { holder, key } = place;
			const held = holder[key];
			if (how === 'add' && typeof held === 'object' && held !== null && !Array.isArray(held)) {
				if (value !== undefined) held[name] = value;
			} else if (how === 'repeat' && Array.isArray(held)) {
				held.push(...structuredClone(held));
			} else if (value === undefined && !Array.isArray(holder)) delete holder[key];
			else holder[key] = value ?? null;
		}
		content = JSON.parse(JSON.stringify(content)) as Json;
		return storable(content) ? content : null;
	});
}

/** Every place in a value that can be changed, with what holds it. */
function placesOf(value: Json): { holder: Record<string | number, Json>; key: string }[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, part]) => [
		{ holder: value as Record<string | number, Json>, key },
		...placesOf(part)
	]);
}

/** Postgres keeps no NUL and no half of a surrogate pair: those are refused before they come to it. */
function storable(value: Json): boolean {
	if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
	if (typeof value !== 'object' || value === null) return true;
	return Object.entries(value).every(([key, part]) => storable(key) && storable(part));
}
