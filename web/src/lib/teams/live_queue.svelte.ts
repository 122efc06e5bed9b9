import type { Session } from '#lib/auth/session.svelte.ts';
import type { Connection } from '#lib/realtime/connection.svelte.ts';
import { followTable } from '#lib/realtime/table.ts';
import { Topic } from '#lib/realtime/topic.ts';
import { readQueue, type Queue } from './queries.ts';

/** However much happens, the picture is asked for at most this often. */
const paceMs = 1_000;
/** Loads change with conversations that one may not see: asked again all the same. */
const patienceMs = 15_000;

/** A team's queue, asked for anew whenever a conversation or somebody's availability changes. */
export class LiveQueue {
	queue = $state.raw<Queue | null>(null);
	#session: Session;
	#teamId: string;
	#soon: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	constructor(session: Session, teamId: string) {
		this.#session = session;
		this.#teamId = teamId;
	}

	/** Returns what ends it. */
	start(connection: Connection, tenantId: string, seesAll: boolean): () => void {
		const unfollow = followTable(this.#session.client, 'agent_availability', tenantId, this.ask);
		const topic = seesAll
			? new Topic(this.#session.client, connection, `inbox:${tenantId}:all`, {
					on: { conversation: this.ask },
					onjoin: this.ask
				})
			: null;
		const timer = setInterval(this.ask, patienceMs);
		this.ask();
		return () => {
			this.#stopped = true;
			clearTimeout(this.#soon);
			clearInterval(timer);
			unfollow();
			void topic?.stop();
		};
	}

	/** The picture may be of before: asks for a new one in a moment. */
	ask = () => {
		this.#soon ??= setTimeout(() => void this.#read(), this.queue === null ? 0 : paceMs);
	};

	async #read() {
		this.#soon = undefined;
		const queue = await readQueue(this.#session.client, this.#teamId).catch(() => null);
		if (queue && !this.#stopped) this.queue = queue;
	}
}
