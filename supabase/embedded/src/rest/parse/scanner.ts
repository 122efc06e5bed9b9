import { parseError, type RestError } from '../errors.ts';

const NAME = /[\p{L}\p{N}_ $]+/uy;
const JSON_KEY = /[^(\-:.,>)]+/uy;

/** Reads a query parameter from left to right. `what` names it in the errors ("select parameter"). */
export class Scanner {
	readonly text: string;
	readonly #what: string;
	position = 0;

	constructor(what: string, text: string) {
		this.#what = what;
		this.text = text;
	}

	get ended(): boolean {
		return this.position >= this.text.length;
	}

	/** Whether `token` comes next. */
	sees(token: string): boolean {
		return this.text.startsWith(token, this.position);
	}

	/** Steps over `token` when it comes next. */
	takes(token: string): boolean {
		if (!this.sees(token)) return false;
		this.position += token.length;
		return true;
	}

	/** Steps over what a sticky pattern matches here. */
	match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.position;
		const found = pattern.exec(this.text)?.[0];
		if (found !== undefined) this.position += found.length;
		return found;
	}

	expect(token: string): void {
		if (!this.takes(token)) throw this.fail(`"${token}"`);
	}

	skipSpace(): void {
		this.match(/[ \t]*/y);
	}

	/** Tries a reading; when it fails nothing was read. */
	attempt<T>(read: () => T | undefined): T | undefined {
		const start = this.position;
		const result = read();
		if (result === undefined) this.position = start;
		return result;
	}

	/** A name: letters, digits, `_ $`, blanks within, dashes unless they begin an arrow; or anything in double quotes. */
	name(): string | undefined {
		return this.quoted() ?? this.#dashed(NAME);
	}

	/** A key in a JSON path, which may hold more characters than a name. */
	jsonKey(): string | undefined {
		return this.quoted() ?? this.#dashed(JSON_KEY);
	}

	requireName(): string {
		const name = this.name();
		if (name === undefined) throw this.fail('field name (* or [a..z0..9_$])');
		return name;
	}

	/** `"a\"b"`, with backslashes taking the next character as it is. */
	quoted(): string | undefined {
		if (!this.sees('"')) return undefined;
		return this.attempt(() => {
			const raw = this.match(/"(?:[^"\\]|\\.)*"/sy);
			return raw?.slice(1, -1).replace(/\\(.)/gs, '$1');
		});
	}

	#dashed(part: RegExp): string | undefined {
		const first = this.match(part)?.trim();
		if (!first) return undefined;
		let name = first;
		for (;;) {
			const next = this.attempt(() =>
				this.match(/-(?!>)/y) === undefined ? undefined : this.match(part)?.trim() || undefined
			);
			if (next === undefined) return name;
			name += `-${next}`;
		}
	}

	/** The error that something else stands here. */
	fail(expecting: string): RestError {
		const unexpected = this.ended
			? 'unexpected end of input'
			: `unexpected ${JSON.stringify(this.text[this.position])}`;
		return this.error(`${unexpected} expecting ${expecting}`);
	}

	error(details: string): RestError {
		return parseError(this.#what, this.text, this.position + 1, details);
	}
}
