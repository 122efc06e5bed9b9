import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { LogicalReplicationService, PgoutputPlugin } from 'pg-logical-replication';

export interface WalStreamOptions {
	/** Of a role that may replicate. */
	url: string;
	publication: string;
	/** Called with each message of the plugin; while a returned promise is pending nothing more is read. */
	onMessage(message: Buffer): void | Promise<void>;
	/** Called each time streaming has begun: what is committed from here on will be heard. */
	onStart?(first: boolean): void;
	/** Whether `onMessage` may return promises. */
	paced?: boolean;
	log(line: string): void;
}

export interface WalStream {
	/** Resolves while it streams; where it broke, when it streams again. */
	live(): Promise<void>;
	stop(): Promise<void>;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
const ACKNOWLEDGE_EVERY = 1_000;

/**
 * Follows a publication from now on, and takes it up again by itself when Postgres restarts. The slot is temporary: a
 * stopped service keeps no WAL from being removed, and what happened meanwhile is the clients' to catch up on.
 */
export function streamWal(options: WalStreamOptions): WalStream {
	let live = Promise.withResolvers<void>();
	let stopped = false;
	let started = false;
	let service: LogicalReplicationService | undefined;
	const waiting = new AbortController();

	async function follow(): Promise<void> {
		for (let pause = FIRST_PAUSE; !stopped;) {
			const began = Date.now();
			await once().catch((error: Error) => {
				if (!stopped) options.log(`replication of ${options.publication}: ${error.message}`);
			});
			if (stopped) break;
			pause = Date.now() - began > 10_000 ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
			await sleep(pause, undefined, { signal: waiting.signal, ref: false }).catch(() => {});
		}
	}

	/** One connection, from its beginning to its end. */
	async function once(): Promise<void> {
		const connection = new LogicalReplicationService(
			{ connectionString: options.url, application_name: 'realtime_replication' },
			{ acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: options.paced === true } }
		);
		service = connection;
		listenFromTheStart(connection);
		const broken = Promise.withResolvers<never>();
		broken.promise.catch(() => {});
		connection.on('error', (error) => broken.reject(error));
		connection.on('data', (_lsn: string, message: Buffer) => options.onMessage(message));
		let acknowledged = 0;
		connection.on('heartbeat', (end, _timestamp, mustAnswer) => {
			if (!mustAnswer && Date.now() - acknowledged < ACKNOWLEDGE_EVERY) return;
			acknowledged = Date.now();
			void connection.acknowledge(before(end)).catch(() => {});
		});
		let streaming = false;
		connection.on('start', () => {
			streaming = true;
			options.onStart?.(!started);
			started = true;
			live.resolve();
		});
		const plugin = new RawPgoutput(options.publication, options.paced === true);
		try {
			await Promise.race([connection.subscribe(plugin, `realtime_${randomBytes(6).toString('hex')}`), broken.promise]);
			throw new Error('the stream ended');
		} finally {
			if (streaming) live = Promise.withResolvers();
			await connection.destroy().catch(() => {});
			// it took all listeners away, and a connection that dies can complain once more
			connection.on('error', () => {});
			plugin.client?.on('error', () => {});
		}
	}

	const following = follow();
	return {
		live: () => live.promise,
		async stop() {
			stopped = true;
			waiting.abort();
			await service?.destroy().catch(() => {});
			await following;
			live.resolve();
		}
	};
}

/**
 * The package listens to a connection only a moment after it is up. One that dies within that moment would end the
 * whole process; heard here, it fails the subscription.
 */
function listenFromTheStart(service: LogicalReplicationService): void {
	let current: pg.Client | null = null;
	Object.defineProperty(service, '_client', {
		get: () => current,
		set: (client: pg.Client | null) => {
			current = client;
			client?.on('error', () => {});
		}
	});
}

/**
 * The package acknowledges one byte more than it is told, and a heartbeat already names the byte after the last: Postgres
 * would wait for the two to agree, for ever, when it shuts down.
 */
function before(position: string): string {
	const [high = '0', low = '0'] = position.split('/');
	const previous = (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`) - 1n;
	return `${(previous >> 32n).toString(16)}/${(previous & 0xffffffffn).toString(16)}`.toUpperCase();
}

/** Hands the plugin's messages over as they are: reading all of them with all their columns would be most of the work. */
class RawPgoutput extends PgoutputPlugin {
	client: pg.Client | undefined;
	#publication: string;
	#copies: boolean;

	constructor(publication: string, copies: boolean) {
		super({ protoVersion: 1, publicationNames: [publication] });
		this.#publication = publication;
		this.#copies = copies;
	}

	/** The connection uses its buffer again, so a message that waits its turn must be a copy. */
	override parse(message: Buffer): never {
		return (this.#copies ? Buffer.from(message) : message) as never;
	}

	override async start(client: pg.Client, slot: string): Promise<pg.QueryResult> {
		this.client = client;
		await client.query(`CREATE_REPLICATION_SLOT "${slot}" TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`);
		return client.query(
			`START_REPLICATION SLOT "${slot}" LOGICAL 0/0 (proto_version '1', publication_names '"${this.#publication}"')`
		);
	}
}
