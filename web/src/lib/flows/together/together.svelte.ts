import type { Session } from '#lib/auth/session.svelte.ts';
import type { Connection } from '#lib/realtime/connection.svelte.ts';
import { Pace } from '#lib/realtime/pace.ts';
import { Topic } from '#lib/realtime/topic.ts';
import type { Member } from '#lib/workspace/context.ts';
import { chosenBy, drawersOf, type Drawer } from './drawers.ts';

/** Who else draws the same flow, and where. */
export class Together {
	drawers = $state.raw<readonly Drawer[]>([]);
	readonly at = $derived(chosenBy(this.drawers));
	#topic: Topic;
	#told: { node: string | null; revision: number };
	/** Realtime allows five calls in 30 s and closes the channel at the sixth. */
	#pace: Pace;

	constructor(
		session: Session,
		connection: Connection,
		flow: { id: string; revision: number },
		{ me, members }: { me: string; members: Member[] }
	) {
		this.#told = { node: null, revision: flow.revision };
		this.#pace = new Pace(() => this.#topic.track(this.#told), 4, 30_000);
		this.#topic = new Topic(session.client, connection, `flow:${flow.id}`, {
			presence: { key: me, onsync: (state) => (this.drawers = drawersOf(state, members, me)) },
			onjoin: () => this.#pace.ask(),
			onlost: () => (this.drawers = [])
		});
	}

	tell(node: string | null, revision: number): void {
		if (this.#told.node === node && this.#told.revision === revision) return;
		this.#told = { node, revision };
		this.#pace.ask();
	}

	stop(): void {
		this.#pace.stop();
		void this.#topic.stop();
	}
}
