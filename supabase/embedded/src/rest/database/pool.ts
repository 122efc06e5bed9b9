import pg from 'pg';
import { RestError } from '../errors.ts';
import { Pipeline, PreparedStatements, type Step } from './pipeline.ts';

const ACQUIRE_TIMEOUT = 10_000;

interface Session {
	client: pg.Client;
	prepared: PreparedStatements;
	/** The schema cache's age when its statements were prepared. */
	generation: number;
}

type Rows = (string | null)[][];

/** A few connections of `authenticator`, opened when needed. */
export class Pool {
	readonly #url: string;
	readonly #size: number;
	readonly #idle: Session[] = [];
	readonly #waiting: { give(session: Session): void; refuse(error: Error): void }[] = [];
	#open = 0;
	#generation = 0;
	#closed = false;

	constructor(url: string, size: number) {
		this.#url = url;
		this.#size = size;
	}

	/**
	 * Runs steps in one round trip and one transaction. Rejects with pg's DatabaseError when Postgres refuses, and with
	 * RestError PGRST001 to 003 when there is no connection.
	 */
	async run(steps: Step[], scope: string): Promise<Rows[]> {
		const session = await this.#acquire();
		if (session.generation !== this.#generation) {
			session.prepared.forgetAll();
			session.generation = this.#generation;
		}
		try {
			return await session.client.query(new Pipeline(steps, session.prepared, scope)).result;
		} catch (error) {
			if (error instanceof pg.DatabaseError) {
				// a `begin` of ours may have been left open
				if (steps[0]?.text === 'begin') await session.client.query('rollback').catch(() => {});
				throw error;
			}
			throw new RestError(503, 'PGRST001', 'Database client error. Retrying the connection.', {
				details: error instanceof Error ? error.message : null
			});
		} finally {
			this.#release(session);
		}
	}

	/** Forgets prepared statements: the types they were prepared with may have changed. */
	forgetStatements(): void {
		this.#generation++;
	}

	async close(): Promise<void> {
		this.#closed = true;
		for (const { refuse } of this.#waiting.splice(0)) refuse(unavailable('The service stops.'));
		await Promise.all(this.#idle.splice(0).map(({ client }) => client.end()));
	}

	async #acquire(): Promise<Session> {
		const idle = this.#idle.pop();
		if (idle) return idle;
		if (this.#open < this.#size) return this.#connect();
		return new Promise<Session>((resolve, reject) => {
			const waiter = {
				give: (session: Session) => {
					clearTimeout(timer);
					resolve(session);
				},
				refuse: (error: Error) => {
					clearTimeout(timer);
					reject(error);
				}
			};
			const timer = setTimeout(() => {
				this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
				reject(new RestError(504, 'PGRST003', 'Timed out acquiring connection from connection pool.'));
			}, ACQUIRE_TIMEOUT);
			this.#waiting.push(waiter);
		});
	}

	#release(session: Session): void {
		const lost = broken.has(session.client);
		if (this.#closed) {
			if (!lost) void session.client.end();
			return;
		}
		const waiter = this.#waiting.shift();
		if (waiter && lost) this.#connect().then(waiter.give, waiter.refuse);
		else if (waiter) waiter.give(session);
		else if (!lost) this.#idle.push(session);
	}

	async #connect(): Promise<Session> {
		this.#open++;
		const client = new pg.Client({ connectionString: this.#url, application_name: 'rest' });
		const session: Session = { client, prepared: new PreparedStatements(), generation: this.#generation };
		client.on('error', () => {}); // the request that runs on it gets the error itself
		client.on('end', () => {
			broken.add(client);
			this.#open--;
			const place = this.#idle.indexOf(session);
			if (place >= 0) this.#idle.splice(place, 1);
		});
		try {
			await client.connect();
			return session;
		} catch (error) {
			if (!broken.has(client)) this.#open--;
			throw unavailable(error instanceof Error ? error.message : String(error));
		}
	}
}

/** Clients whose connection has ended. */
const broken = new WeakSet<pg.Client>();

function unavailable(details: string): RestError {
	return new RestError(503, 'PGRST000', 'Database connection error. Retrying the connection.', { details });
}
