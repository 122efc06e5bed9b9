import {
	appendFileSync,
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	writeFileSync
} from 'node:fs';
import { join } from 'node:path';

type Line = { kind: string; id: string; value: unknown };

/** Rewriting costs one pass over what lives, so it may wait until the file is mostly history. */
const LINES_BEFORE_REWRITE = 4_000;

/**
 * What must outlive a restart, as JSON lines: the newest line of a (kind, id) wins, a null value forgets it. Lines are
 * gathered for one turn of the event loop and written together; the file is rewritten when most of it is outdated.
 * Without a folder it is the same thing in memory only.
 */
export class Journal {
	readonly #rows = new Map<string, Map<string, unknown>>();
	readonly #file: string | null;
	#fd: number | null = null;
	#pending: string[] = [];
	#lines = 0;
	#scheduled = false;

	constructor(dir: string | null) {
		this.#file = dir === null ? null : join(dir, 'journal.jsonl');
		if (dir === null) return;
		mkdirSync(dir, { recursive: true });
		this.#load();
		this.#rewrite();
	}

	/** Every living value of a kind, in the order it was first put. */
	all<Value>(kind: string): Value[] {
		return [...(this.#rows.get(kind)?.values() ?? [])] as Value[];
	}

	put(kind: string, id: string, value: unknown): void {
		this.#apply({ kind, id, value });
		this.#append({ kind, id, value });
	}

	forget(kind: string, id: string): void {
		if (this.#rows.get(kind)?.delete(id)) this.#append({ kind, id, value: null });
	}

	/** Forgets everything. */
	clear(): void {
		this.#rows.clear();
		this.#pending = [];
		this.#rewrite();
	}

	/** Writes what is pending and closes the file. */
	close(): void {
		this.#flush();
		if (this.#fd !== null) closeSync(this.#fd);
		this.#fd = null;
	}

	#apply({ kind, id, value }: Line): void {
		let rows = this.#rows.get(kind);
		if (!rows) this.#rows.set(kind, (rows = new Map()));
		if (value === null) rows.delete(id);
		else rows.set(id, value);
	}

	#append(line: Line): void {
		if (this.#file === null) return;
		this.#pending.push(JSON.stringify(line));
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			this.#flush();
		});
	}

	#flush(): void {
		if (this.#fd === null || this.#pending.length === 0) return;
		appendFileSync(this.#fd, this.#pending.join('\n') + '\n');
		this.#lines += this.#pending.length;
		this.#pending = [];
		if (this.#lines > LINES_BEFORE_REWRITE + 4 * this.#living()) this.#rewrite();
	}

	#living(): number {
		return [...this.#rows.values()].reduce((sum, rows) => sum + rows.size, 0);
	}

	#load(): void {
		if (this.#file === null || !existsSync(this.#file)) return;
		for (const text of readFileSync(this.#file, 'utf8').split('\n')) {
			if (text === '') continue;
			try {
				this.#apply(JSON.parse(text) as Line);
			} catch {
				// The last line of a process that was killed may be cut off; what came before it holds.
			}
		}
	}

	/** Writes the living rows to a file beside it and renames: a crash leaves either the old or the new. */
	#rewrite(): void {
		if (this.#file === null) return;
		if (this.#fd !== null) closeSync(this.#fd);
		const lines: string[] = [];
		for (const [kind, rows] of this.#rows) {
			for (const [id, value] of rows) lines.push(JSON.stringify({ kind, id, value }));
		}
		writeFileSync(`${this.#file}.new`, lines.length ? lines.join('\n') + '\n' : '');
		renameSync(`${this.#file}.new`, this.#file);
		this.#fd = openSync(this.#file, 'a');
		this.#lines = lines.length;
	}
}
