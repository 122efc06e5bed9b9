export interface Variant {
	id: string;
	channel_type: string | null;
	weight: number;
	text: string;
}

/**
 * The text that a conversation gets: of those for its kind of channel, or else of those for every one, by weight. The
 * same conversation gets the same text each time, so that nobody reads two of them.
 */
export function chooseVariant<V extends Variant>(
	variants: readonly V[],
	channelType: string,
	conversationId: string,
	responseId: string
): V | null {
	const own = variants.filter(({ channel_type }) => channel_type === channelType);
	const fitting = own.length > 0 ? own : variants.filter(({ channel_type }) => channel_type === null);
	const weighed = fitting.filter(({ weight }) => weight > 0);
	const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
	let left = portion(`${responseId}:${conversationId}`) * total;
	for (const variant of weighed) {
		left -= variant.weight;
		if (left < 0) return variant;
	}
	// All are at rest: the first is still a text.
	return weighed.at(-1) ?? fitting[0] ?? variants[0] ?? null;
}

/** A number from 0 to 1 that a text always gives: FNV-1a with murmur's last mixing, so that neighbours fall apart. */
function portion(text: string): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index += 1) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
