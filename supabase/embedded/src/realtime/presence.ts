import type { Channel } from './channel.ts';
import type { Topics } from './topics.ts';

type Meta = Record<string, unknown> & { phx_ref: string };
type Metas = Record<string, { metas: Meta[] }>;

/** Who is present where, as the clients say of themselves. A key is a person; its metas are that person's channels. */
export class Presence {
	#topics: Topics;
	#rooms = new Map<string, Map<string, Map<Channel, Meta>>>();
	#tracked = new WeakMap<Channel, string>();
	#refs = 0;

	constructor(topics: Topics) {
		this.#topics = topics;
	}

	/** Everyone in the channel's topic, in the shape of `presence_state`. */
	state(channel: Channel): Metas {
		const people = this.#rooms.get(roomOf(channel)) ?? new Map<string, Map<Channel, Meta>>();
		return Object.fromEntries([...people].map(([key, metas]) => [key, { metas: [...metas.values()] }]));
	}

	/** Adds the channel's owner or changes what is said of it; the same words again are no event. */
	track(channel: Channel, payload: Record<string, unknown>): void {
		const text = JSON.stringify(payload);
		if (this.#tracked.get(channel) === text) return;
		this.#tracked.set(channel, text);

		const people = entry(this.#rooms, roomOf(channel), () => new Map<string, Map<Channel, Meta>>());
		const metas = entry(people, channel.presence.key, () => new Map<Channel, Meta>());
		const before = metas.get(channel);
		const meta: Meta = { ...payload, phx_ref: `F${(++this.#refs).toString(36).padStart(7, '0')}` };
		if (before) meta['phx_ref_prev'] = before.phx_ref;
		metas.set(channel, meta);
		this.#tell(channel, { joins: [meta], leaves: before ? [before] : [] });
	}

	untrack(channel: Channel): void {
		this.#tracked.delete(channel);
		const room = roomOf(channel);
		const people = this.#rooms.get(room);
		const metas = people?.get(channel.presence.key);
		const meta = metas?.get(channel);
		if (!people || !metas || !meta) return;
		metas.delete(channel);
		if (metas.size === 0) people.delete(channel.presence.key);
		if (people.size === 0) this.#rooms.delete(room);
		this.#tell(channel, { joins: [], leaves: [meta] });
	}

	#tell(channel: Channel, change: { joins: Meta[]; leaves: Meta[] }): void {
		const keyed = (metas: Meta[]): Metas => (metas.length > 0 ? { [channel.presence.key]: { metas } } : {});
		const diff = JSON.stringify({ joins: keyed(change.joins), leaves: keyed(change.leaves) });
		this.#topics.presence(channel.name, channel.isPrivate, diff);
	}
}

function roomOf(channel: Channel): string {
	return `${channel.isPrivate ? 'private' : 'public'}:${channel.name}`;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
	let value = map.get(key);
	if (value === undefined) map.set(key, (value = make()));
	return value;
}
