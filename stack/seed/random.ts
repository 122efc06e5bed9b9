/** Chance that is the same in every run: mulberry32. */
export interface Random {
	/** 0 (included) to 1 (excluded). */
	next(): number;
	/** A whole number, both ends included. */
	between(low: number, high: number): number;
	pick<T>(items: readonly T[]): T;
	shuffle<T>(items: readonly T[]): T[];
	chance(probability: number): boolean;
	/** A version 4 uuid. */
	uuid(): string;
	/** An id as Meta gives messages. */
	wamid(): string;
}

export function createRandom(seed: string): Random {
	let state = 0;
	for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 2_654_435_761) >>> 0;

	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
	const bytes = (count: number) => Uint8Array.from({ length: count }, () => between(0, 255));

	return {
		next,
		between,
		chance: (probability) => next() < probability,
		pick(items) {
			const item = items[between(0, items.length - 1)];
			if (item === undefined) throw new Error('nothing to pick from');
			return item;
		},
		shuffle(items) {
			const copy = [...items];
			for (let last = copy.length - 1; last > 0; last--) {
				const other = between(0, last);
				[copy[last], copy[other]] = [copy[other] as (typeof copy)[0], copy[last] as (typeof copy)[0]];
			}
			return copy;
		},
		uuid() {
			const hex = Buffer.from(bytes(16)).toString('hex');
			const variant = '89ab'[between(0, 3)];
			return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
		},
		wamid: () => `wamid.HBgN${Buffer.from(bytes(30)).toString('base64').replace(/[+/]/g, 'A')}`
	};
}
