import type pg from 'pg';
import type { Channel } from '../channel.ts';
import type { Limits } from '../limits.ts';
import { createPgoutputReader, readChange } from '../wal/pgoutput.ts';
import { streamWal, type WalStream } from '../wal/stream.ts';
import { createChecker, type Change, type Checker } from './checker.ts';
import { deliver } from './payload.ts';
import { ChangesRefused, makeSubscriptions, type Subscription } from './subscription.ts';

export { bindingId, ChangesRefused } from './subscription.ts';

export interface ChangesOptions {
	url: string;
	pool: pg.Pool;
	limits: Limits;
	log(line: string): void;
}

const PUBLICATION = 'supabase_realtime';
/** So many changes may wait for the database before the stream is asked to wait. */
const LONGEST_QUEUE = 1000;
/** The stream is let go so long after its last listener left. */
const LINGER = 10_000;
const RETRY = 5_000;

/**
 * postgres_changes: rows of published tables, to those whom row security lets see them. The replication stream runs only
 * while somebody listens, so a project that uses broadcasts alone does not pay for a second one.
 */
export class Changes {
	#options: ChangesOptions;
	#byRelation = new Map<number, Set<Subscription>>();
	#byChannel = new Map<Channel, Subscription[]>();
	#running: { stream: WalStream; checker: Checker } | undefined;
	#queue: (Change | { forget: number })[] = [];
	#working: Promise<void> | undefined;
	#lingering: NodeJS.Timeout | undefined;

	constructor(options: ChangesOptions) {
		this.#options = options;
	}

	/** Serves the channel's parameters from now on, under its present bearer; throws ChangesRefused. */
	async subscribe(channel: Channel): Promise<void> {
		await this.#run().stream.live();
		const lists = await Promise.all(
			channel.changes.map((change) => makeSubscriptions(this.#options.pool, PUBLICATION, channel, change))
		);
		this.unsubscribe(channel);
		if (channel.closed) return;
		const subscriptions = lists.flat();
		this.#byChannel.set(channel, subscriptions);
		for (const subscription of subscriptions) {
			const others = this.#byRelation.get(subscription.relation) ?? new Set();
			this.#byRelation.set(subscription.relation, others.add(subscription));
		}
		clearTimeout(this.#lingering);
	}

	/** The same, telling the client how it went; tried again when the database is away. */
	async subscribeAndTell(channel: Channel): Promise<void> {
		try {
			await this.subscribe(channel);
			if (!channel.closed) channel.system('postgres_changes', 'ok', 'Subscribed to PostgreSQL');
		} catch (error) {
			if (channel.closed) return;
			channel.system('postgres_changes', 'error', error instanceof Error ? error.message : String(error));
			if (!(error instanceof ChangesRefused))
				setTimeout(() => !channel.closed && void this.subscribeAndTell(channel), RETRY).unref();
		}
	}

	unsubscribe(channel: Channel): void {
		const subscriptions = this.#byChannel.get(channel);
		if (!subscriptions) return;
		this.#byChannel.delete(channel);
		for (const subscription of subscriptions) {
			const others = this.#byRelation.get(subscription.relation);
			if (others?.delete(subscription) && others.size === 0) this.#byRelation.delete(subscription.relation);
		}
		if (this.#byChannel.size === 0) {
			clearTimeout(this.#lingering);
			this.#lingering = setTimeout(() => this.#byChannel.size === 0 && void this.close(), LINGER).unref();
		}
	}

	async close(): Promise<void> {
		clearTimeout(this.#lingering);
		const running = this.#running;
		this.#running = undefined;
		this.#queue = [];
		await running?.stream.stop();
		await this.#working;
		await running?.checker.close();
	}

	#run(): { stream: WalStream; checker: Checker } {
		if (this.#running) return this.#running;
		const { url, log } = this.#options;
		let transactionId = 0;
		let committedAt = new Date(0);
		const onMessage = createPgoutputReader({
			begin(id, at) {
				transactionId = id;
				committedAt = at;
			},
			relation: ({ oid }) => {
				if (this.#working) this.#queue.push({ forget: oid });
				else this.#running?.checker.forget(oid);
			},
			change: (relation, kind, message) => {
				if (!this.#listeners(relation.oid, kind).length) return;
				this.#queue.push({ relation, kind, transactionId, committedAt, ...readChange(message) });
				this.#working ??= this.#work().finally(() => (this.#working = undefined));
				if (this.#queue.length > LONGEST_QUEUE) return this.#working;
			}
		});
		return (this.#running = {
			checker: createChecker(url),
			stream: streamWal({
				url,
				publication: PUBLICATION,
				paced: true,
				onMessage,
				onStart: (first) => {
					if (!first) this.#sendAway();
				},
				log
			})
		});
	}

	/** What changed while the stream was away is lost to those who listened: they have to catch up, as after any break. */
	#sendAway(): void {
		for (const { socket } of this.#byChannel.keys()) socket.close(1012, 'The database was away');
	}

	#listeners(relation: number, kind: string): Subscription[] {
		return [...(this.#byRelation.get(relation) ?? [])].filter(({ event }) => event === '*' || event === kind);
	}

	/** Checks and delivers what waits, in the order it was committed. */
	async #work(): Promise<void> {
		for (let next = this.#queue.shift(); next && this.#running; next = this.#queue.shift()) {
			const { checker } = this.#running;
			if ('forget' in next) {
				checker.forget(next.forget);
				continue;
			}
			const change = next;
			try {
				const checked = await checker.check(change, this.#listeners(change.relation.oid, change.kind));
				if (checked) deliver(change, checked, this.#options.limits.changeBytes);
			} catch (error) {
				this.#options.log(`change of ${change.relation.schema}.${change.relation.name}: ${String(error)}`);
			}
		}
	}
}
