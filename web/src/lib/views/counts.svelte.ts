import { SvelteMap } from 'svelte/reactivity';
import { CatchUp } from '../realtime/catch_up.ts';
import { inSight, type Viewer } from '../inbox/sight.ts';

/** How many conversations stand in each view, for the person who looks. */
export interface InboxCounts {
	mine: number;
	unassigned: number;
	all: number;
	/** Conversations with a mention that is unread. */
	mentions: number;
	snoozed: number;
	spam: number;
	closed: number;
	teams: Record<string, number>;
}

/** Where a conversation stands: what decides in which views it is. */
export interface Cell {
	folder: string;
	team_id: string | null;
	assignee_id: string | null;
}

/** A change as Realtime tells it: `was` null for a new one, `now` null for one that left. */
export interface Move {
	id: string;
	updated_at: string;
	was: Cell | null;
	now: Cell | null;
}

/** Several things ask at once, as topics that join; one question answers them. */
const gatherMs = 150;
/** After changes the counts are asked for once more, each browser at a time of its own. */
const settleMs = { least: 20_000, most: 40_000 };
/** Changes remembered, so that one that comes by two topics counts once. */
const remembered = 500;

/**
 * The counts beside the views: asked for when one arrives, then moved by what Realtime tells of conversations that came to
 * stand elsewhere. Nobody is told of counts, and the database is asked again only now and then.
 */
export class Counts {
	#ask: () => Promise<InboxCounts>;
	#viewer: Viewer;
	#values = $state.raw<InboxCounts | null>(null);
	#heard = new SvelteMap<string, { was: boolean; now: boolean }>();
	#reading = new CatchUp(async () => void (this.#values = await this.#ask()));
	#gathering: ReturnType<typeof setTimeout> | undefined;
	#settling: ReturnType<typeof setTimeout> | undefined;

	constructor(ask: () => Promise<InboxCounts>, viewer: Viewer) {
		this.#ask = ask;
		this.#viewer = viewer;
	}

	/** Null while nothing is known. */
	get values(): InboxCounts | null {
		return this.#values;
	}

	/** Takes counts that were asked for elsewhere, as the server does for the first paint. */
	seed(values: InboxCounts) {
		this.#values = values;
	}

	/** Asks the database, soon. */
	refresh() {
		this.#gathering ??= setTimeout(() => {
			this.#gathering = undefined;
			this.#reading.ask();
		}, gatherMs);
	}

	/** Counts a conversation where it now stands, and no longer where it stood. */
	moved({ id, updated_at, was, now }: Move) {
		const key = `${id} ${updated_at}`;
		const heard = this.#heard.get(key) ?? { was: false, now: false };
		this.#heard.set(key, { was: heard.was || was !== null, now: heard.now || now !== null });
		if (was && !heard.was) this.#add(was, -1);
		if (now && !heard.now) this.#add(now, 1);
		for (const old of this.#heard.keys()) {
			if (this.#heard.size <= remembered) break;
			this.#heard.delete(old);
		}
		const { least, most } = settleMs;
		this.#settling ??= setTimeout(
			() => {
				this.#settling = undefined;
				this.refresh();
			},
			least + Math.random() * (most - least)
		);
	}

	stop() {
		this.#reading.stop();
		clearTimeout(this.#gathering);
		clearTimeout(this.#settling);
		this.#gathering = this.#settling = undefined;
	}

	#add(cell: Cell, by: 1 | -1) {
		const values = this.#values;
		if (!values || !inSight(cell, this.#viewer)) return;
		const changed = { ...values, teams: { ...values.teams } };
		for (const view of viewsOf(cell, this.#viewer.me)) changed[view] = Math.max(0, changed[view] + by);
		if (cell.folder === 'open' && cell.team_id !== null) {
			changed.teams[cell.team_id] = Math.max(0, (changed.teams[cell.team_id] ?? 0) + by);
		}
		this.#values = changed;
	}
}

type Counted = Exclude<keyof InboxCounts, 'teams'>;

function viewsOf({ folder, assignee_id }: Cell, me: string): Counted[] {
	if (folder === 'snoozed' || folder === 'spam' || folder === 'closed') return [folder];
	if (assignee_id === null) return ['all', 'unassigned'];
	return assignee_id === me ? ['all', 'mine'] : ['all'];
}
