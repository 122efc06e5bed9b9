import { findPersonal, type MaskedKind } from './find.ts';

/** What one placeholder stands for. Kept with the conversation, never sent to a provider. */
export interface MaskEntry {
	placeholder: string;
	kind: MaskedKind | 'TEXT';
	key: string;
	/** As it was written. */
	written: string;
}

const PLACEHOLDER = /\[[A-Z]{2,8}_\d{1,6}(?:\.\d{1,4})?\]/gi;
const LONGEST = '[BOLETO99_999999.9999]'.length;

/**
 * The personal data of one conversation. `[CPF_1]` is the same person from the first message to the last, whoever wrote
 * the number and however; another spelling of it is `[CPF_1.2]`, so that what is put back is what was taken out.
 */
export class Mask {
	readonly #entries: MaskEntry[];
	readonly #byWritten = new Map<string, MaskEntry>();
	readonly #byPlaceholder = new Map<string, MaskEntry>();
	/** Of each kind, the numbers by key, and how many spellings each has. */
	readonly #numbers = new Map<string, { number: number; spellings: number }>();
	readonly #counts = new Map<string, number>();

	constructor(entries: readonly MaskEntry[] = []) {
		this.#entries = [];
		for (const entry of entries) this.#keep(entry);
	}

	/** What to keep for the conversation's next turn. */
	get entries(): readonly MaskEntry[] {
		return this.#entries;
	}

	/** The text with a placeholder for everything personal. A placeholder that somebody typed becomes one itself. */
	mask(text: string): string {
		// From the end: what is taken out must not move what comes before it.
		const typed = text.replace(PLACEHOLDER, (written) => this.#placeholderOf('TEXT', written, written));
		let masked = typed;
		for (;;) {
			const found = findPersonal(masked).filter(({ start, end }) => !this.#isWithin(masked, start, end));
			if (found.length === 0) return masked;
			let next = '';
			let at = 0;
			for (const { kind, key, start, end } of found) {
				next += masked.slice(at, start) + this.#placeholderOf(kind, key, masked.slice(start, end));
				at = end;
			}
			masked = next + masked.slice(at);
		}
	}

	/** The text with everything put back. What looks like a placeholder of ours and is none is named, and stays. */
	unmask(text: string): { text: string; unknown: string[] } {
		const unknown: string[] = [];
		const whole = text.replace(PLACEHOLDER, (written) => {
			const entry = this.#byPlaceholder.get(written.toUpperCase());
			if (!entry) unknown.push(written);
			return entry?.written ?? written;
		});
		return { text: whole, unknown };
	}

	/** Puts back piece by piece what comes as a stream: a placeholder may lie across two pieces. */
	unmasking(): { push(piece: string): string; end(): string } {
		let held = '';
		return {
			push: (piece) => {
				const text = held + piece;
				const open = text.lastIndexOf('[');
				const waits = open >= 0 && !text.includes(']', open) && text.length - open < LONGEST;
				held = waits ? text.slice(open) : '';
				return this.unmask(waits ? text.slice(0, open) : text).text;
			},
			end: () => {
				const rest = held;
				held = '';
				return this.unmask(rest).text;
			}
		};
	}

	#isWithin(text: string, start: number, end: number): boolean {
		for (const match of text.slice(Math.max(0, start - LONGEST), end + LONGEST).matchAll(PLACEHOLDER)) {
			const from = match.index + Math.max(0, start - LONGEST);
			if (from <= start && end <= from + match[0].length) return true;
		}
		return false;
	}

	#placeholderOf(kind: MaskEntry['kind'], key: string, written: string): string {
		const known = this.#byWritten.get(`${kind} ${written}`);
		if (known) return known.placeholder;
		const same = this.#numbers.get(`${kind} ${key}`);
		const number = same?.number ?? (this.#counts.get(kind) ?? 0) + 1;
		const placeholder = same ? `[${kind}_${number}.${same.spellings + 1}]` : `[${kind}_${number}]`;
		this.#keep({ placeholder, kind, key, written });
		return placeholder;
	}

	#keep(entry: MaskEntry): void {
		const [, number = '0'] = /_(\d+)/.exec(entry.placeholder) ?? [];
		this.#entries.push(entry);
		this.#byWritten.set(`${entry.kind} ${entry.written}`, entry);
		this.#byPlaceholder.set(entry.placeholder, entry);
		const same = this.#numbers.get(`${entry.kind} ${entry.key}`);
		this.#numbers.set(`${entry.kind} ${entry.key}`, { number: Number(number), spellings: (same?.spellings ?? 0) + 1 });
		this.#counts.set(entry.kind, Math.max(this.#counts.get(entry.kind) ?? 0, Number(number)));
	}
}
