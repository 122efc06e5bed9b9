import type { Connection, DatabaseError, Submittable } from 'pg';

/** One statement of a pipeline. Repeated texts are prepared once a connection. */
export interface Step {
	text: string;
	values: (string | null)[];
}

type Row = (string | null)[];

/**
 * What `pg` hands its messages to, beyond what its types say: the connection underneath, by which several prepared
 * statements go out in one packet and so in one transaction. `pg` documents this seam for cursors and streams.
 */
interface Wire extends Connection {
	stream: Connection['stream'] & { cork(): void; uncork(): void };
	close(message: { type: 'S'; name: string }): void;
}

/** Names of the statements that a connection has prepared. */
export class PreparedStatements {
	readonly #names = new Map<string, string>();
	#forgotten: string[] = [];
	#count = 0;
	static readonly limit = 200;

	/** The name under which a text is prepared; `fresh` when it must be parsed first. */
	take(key: string): { name: string; fresh: boolean } {
		const known = this.#names.get(key);
		if (known !== undefined) {
			this.#names.delete(key); // to the end: least recently used goes first
			this.#names.set(key, known);
			return { name: known, fresh: false };
		}
		const name = `s${++this.#count}`;
		this.#names.set(key, name);
		if (this.#names.size > PreparedStatements.limit) this.forget(this.#names.keys().next().value ?? '');
		return { name, fresh: true };
	}

	forget(key: string): void {
		const name = this.#names.get(key);
		if (name === undefined) return;
		this.#names.delete(key);
		this.#forgotten.push(name);
	}

	forgetAll(): void {
		for (const key of [...this.#names.keys()]) this.forget(key);
	}

	/** Names to be closed on the server. */
	drain(): string[] {
		return this.#forgotten.splice(0);
	}
}

/**
 * Runs steps in one round trip. Without explicit `begin` they are one transaction: the server commits at the end, or
 * undoes all when a step fails. Resolves with the rows of each step.
 */
export class Pipeline implements Submittable {
	readonly rows: Row[][];
	readonly result: Promise<Row[][]>;
	readonly #steps: Step[];
	readonly #prepared: PreparedStatements;
	readonly #scope: string;
	#current = 0;
	#fresh: string[] = [];
	#resolve: (rows: Row[][]) => void = () => {};
	#reject: (error: Error) => void = () => {};

	/** `scope` keeps the plans of different roles apart, which Postgres would otherwise make anew at each change of role. */
	constructor(steps: Step[], prepared: PreparedStatements, scope: string) {
		this.#steps = steps;
		this.#prepared = prepared;
		this.#scope = scope;
		this.rows = steps.map(() => []);
		this.result = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	submit(connection: Connection): void {
		const wire = connection as Wire;
		wire.stream.cork();
		for (const name of this.#prepared.drain()) wire.close({ type: 'S', name });
		for (const { text, values } of this.#steps) {
			const key = `${this.#scope}\0${text}`;
			const { name, fresh } = this.#prepared.take(key);
			if (fresh) {
				this.#fresh.push(key);
				wire.parse({ name, text, types: [] }, true);
			}
			wire.bind({ statement: name, values }, true);
			wire.execute(null, true);
		}
		wire.sync();
		wire.stream.uncork();
	}

	handleDataRow({ fields }: { fields: Row }): void {
		this.rows[this.#current]?.push(fields);
	}

	handleCommandComplete(): void {
		this.#current++;
	}

	handleEmptyQuery(): void {
		this.#current++;
	}

	handleReadyForQuery(): void {
		this.#resolve(this.rows);
	}

	handleError(error: DatabaseError | Error): void {
		// what was to be prepared may not have been
		for (const key of this.#fresh) this.#prepared.forget(key);
		this.#reject(error);
	}

	handleRowDescription(): void {}
	handlePortalSuspended(): void {}
}
