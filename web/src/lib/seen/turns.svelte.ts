import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import type { Client } from '../auth/client.ts';
import { CatchUp } from '../realtime/catch_up.ts';
import { readTurn, turnColumns, type Turn } from './turn.ts';

/** The most messages one request asks about. */
const batchSize = 100;

/**
 * The turns of AI agents behind the messages on the screen: asked for in batches, each once, until they are read. A turn is
 * written together with its message and never changes.
 */
export class Turns {
	#client: () => Client;
	#turns = new SvelteMap<string, Turn>();
	#asked = new SvelteSet<string>();
	#waiting: { id: string; tenantId: string }[] = [];
	#reading = new CatchUp(() => this.#read());

	constructor(client: () => Client) {
		this.#client = client;
	}

	/** The turn that said a message; null until it is known. */
	of(messageId: string): Turn | null {
		return this.#turns.get(messageId) ?? null;
	}

	/** A message has come onto the screen. */
	want(id: string, tenantId: string) {
		if (this.#asked.has(id)) return;
		this.#asked.add(id);
		this.#waiting.push({ id, tenantId });
		// Those that come onto the screen together are asked about together.
		if (this.#waiting.length === 1) setTimeout(() => this.#reading.ask());
	}

	async #read() {
		while (this.#waiting.length > 0) {
			const tenantId = this.#waiting[0]?.tenantId ?? '';
			const part = this.#waiting.filter((one) => one.tenantId === tenantId).slice(0, batchSize);
			const { data } = await this.#client()
				.from('ai_turns')
				.select(turnColumns)
				.eq('tenant_id', tenantId)
				.in(
					'message_id',
					part.map(({ id }) => id)
				)
				.throwOnError();
			for (const row of data) {
				const turn = readTurn(row);
				if (turn) this.#turns.set(turn.message_id, turn);
			}
			this.#waiting = this.#waiting.filter((one) => !part.includes(one));
		}
	}
}

const known = new WeakMap<Session, Turns>();

/** The turns that this visit knows of. */
export function turnsOf(session: Session): Turns {
	const turns = known.get(session) ?? new Turns(() => session.client);
	known.set(session, turns);
	return turns;
}
