import { getContext, setContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import type { Database } from '../database.ts';
import { followTable } from '../realtime/table.ts';
import { may, type Place } from '../workspace/context.ts';
import { stateOf, type AvailabilityState } from './states.ts';

/** The database counts a page as gone after two minutes of silence; hidden pages speak once a minute at least. */
const heartbeatMs = 40_000;

export type AvailabilityRow = Database['public']['Tables']['agent_availability']['Row'];

/** Who is there to answer in one workspace; and the word of this page that its person is. */
export class Availability {
	#place: () => Place;
	#session: Session;
	#rows = new SvelteMap<string, AvailabilityRow>();
	#beat: ReturnType<typeof setInterval> | undefined;
	#unfollow: (() => void) | undefined;

	constructor(place: () => Place, session: Session) {
		this.#place = place;
		this.#session = session;
	}

	/** Whether the person on the screen answers customers, and so is online, busy or away. */
	get answers(): boolean {
		return may(this.#place(), 'conversations.reply');
	}

	/** How somebody stands now. */
	of(userId: string): AvailabilityState {
		return stateOf(this.#rows.get(userId)?.state);
	}

	/** The row itself: since when, and who said so; undefined for who was never here. */
	row(userId: string): AvailabilityRow | undefined {
		return this.#rows.get(userId);
	}

	/** What the person on the screen has said they are: it holds while a page of theirs is open. */
	get mine(): AvailabilityState {
		const row = this.#rows.get(this.#place().person.id);
		return row ? stateOf(row.wanted) : 'online';
	}

	/** Follows everybody's state, and says from now on that this page is open. Returns what ends both. */
	start(): () => void {
		const { tenant_id: tenantId } = this.#place().workspace;
		if (may(this.#place(), 'members.read')) {
			this.#unfollow = followTable(this.#session.client, 'agent_availability', tenantId, (change) => {
				if (change && 'user_id' in change) this.#take(change as AvailabilityRow);
				else void this.#read(tenantId);
			});
		}
		const speak = () => void this.#speak(tenantId);
		if (this.answers) {
			speak();
			this.#beat = setInterval(speak, heartbeatMs);
			addEventListener('online', speak);
			document.addEventListener('visibilitychange', speak);
		}
		return () => {
			clearInterval(this.#beat);
			removeEventListener('online', speak);
			document.removeEventListener('visibilitychange', speak);
			this.#unfollow?.();
		};
	}

	/** Says how one stands, or how another does. Throws what the database refuses. */
	async set(state: AvailabilityState, userId: string | null = null): Promise<void> {
		const { data } = await this.#session.client
			.rpc('set_availability', {
				tenant_id: this.#place().workspace.tenant_id,
				availability: state,
				user_id: userId
			})
			.throwOnError();
		this.#take(data);
	}

	/** Silent: a word that is lost is said again. */
	async #speak(tenantId: string) {
		const { data } = await this.#session.client.rpc('heartbeat', { tenant_id: tenantId });
		if (data) this.#take(data);
	}

	async #read(tenantId: string) {
		const { data } = await this.#session.client.from('agent_availability').select().eq('tenant_id', tenantId);
		for (const row of data ?? []) this.#take(row);
	}

	#take(row: AvailabilityRow) {
		this.#rows.set(row.user_id, row);
	}
}

const key = Symbol('availability');
export const setAvailability = (availability: Availability) => setContext(key, availability);
export const getAvailability = () => getContext<Availability>(key);
