import { getContext, setContext } from 'svelte';
import { codeOf } from '../errors/code.ts';
import type { Found, FoundMessage, FoundPerson, Narrowing, Next } from './found.ts';
import type { InboxRow } from '../inbox/rows.ts';
import { forgetRecent, keepRecent, readRecent } from './recent.ts';

/** Whoever types fast asks once. */
const pauseMs = 160;
/** A search that ran out of time goes on by itself until this much is found, this often. */
const enough = 10;
const mostRounds = 40;

export type Ask = (query: string, filters: Narrowing, after: Next | null, signal: AbortSignal) => Promise<Found>;

/** One row of what was found, in the order that the arrow keys go. */
export type Result =
	| { type: 'person'; key: string; person: FoundPerson }
	| { type: 'conversation'; key: string; row: InboxRow }
	| { type: 'message'; key: string; message: FoundMessage };

/** What is looked for and what was found. It stays while one looks at the results, so that going back finds them again. */
export class Search {
	open = $state(false);
	query = $state('');
	filters = $state.raw<Narrowing>({});
	loading = $state(false);
	error = $state<string | null>(null);
	/** The row that the arrow keys stand on. */
	at = $state(0);
	recent = $state.raw<string[]>([]);
	/** Raised each time somebody asks for the field. */
	called = $state(0);

	#ask: Ask;
	#tenantId: string;
	#found = $state.raw<Found | null>(null);
	#asked = $state.raw('');
	#timer: ReturnType<typeof setTimeout> | undefined;
	#going: AbortController | null = null;

	readonly results = $derived<Result[]>(this.#found ? resultsOf(this.#found) : []);

	constructor(tenantId: string, ask: Ask) {
		this.#tenantId = tenantId;
		this.#ask = ask;
	}

	/** What was found for what is written now, or a moment ago; null before the first answer. */
	get found(): Found | null {
		return this.#found;
	}

	/** There is something to look for. */
	get ready(): boolean {
		return isReady(this.query);
	}

	/** Whether more may be found further back. */
	get unfinished(): boolean {
		return this.#found?.next != null;
	}

	/** Opens the search, or brings the cursor back into its field. */
	show(filters?: Narrowing) {
		if (filters) this.filters = filters;
		this.recent = readRecent(localStorage, this.#tenantId);
		this.open = true;
		this.called++;
	}

	close() {
		this.open = false;
		this.#stop();
		this.query = '';
		this.filters = {};
		this.#found = null;
		this.#asked = '';
	}

	/** Something else is looked for. */
	write(query: string) {
		this.query = query;
		this.#later(pauseMs);
	}

	narrow(filters: Narrowing) {
		this.filters = filters;
		this.#later(0);
	}

	/** Looks again, after a failure. */
	again() {
		this.#later(0);
	}

	/** Goes to the next or previous result. */
	step(by: 1 | -1): Result | undefined {
		const last = this.results.length - 1;
		this.at = Math.min(Math.max(this.at + by, 0), Math.max(last, 0));
		if (this.at >= last - 3) void this.more();
		return this.results[this.at];
	}

	/** Notes that what is written now was worth looking for. */
	keep() {
		this.recent = keepRecent(localStorage, this.#tenantId, this.query);
	}

	forget() {
		forgetRecent(localStorage, this.#tenantId);
		this.recent = [];
	}

	/** Loads the next page of messages; once at a time. */
	async more(): Promise<void> {
		const found = this.#found;
		if (this.loading || !found?.next || this.error) return;
		await this.#run(this.#asked, found);
	}

	#later(ms: number) {
		this.#stop();
		const query = this.query.trim();
		if (!isReady(query)) {
			this.#found = null;
			this.error = null;
			return;
		}
		this.loading = true;
		this.#timer = setTimeout(() => void this.#run(this.query, null), ms);
	}

	#stop() {
		clearTimeout(this.#timer);
		this.#going?.abort();
		this.#going = null;
		this.loading = false;
	}

	async #run(query: string, before: Found | null) {
		const going = new AbortController();
		this.#going = going;
		this.loading = true;
		this.error = null;
		let found = before;
		try {
			for (let round = 0; round < mostRounds; round++) {
				const page = await this.#ask(query, this.filters, found?.next ?? null, going.signal);
				if (this.#going !== going) return;
				if (!found) this.at = 0;
				found = found ? { ...found, messages: [...found.messages, ...page.messages], next: page.next } : page;
				this.#found = found;
				this.#asked = query;
				const ranOut = page.next !== null && page.next.id === null;
				if (!ranOut || found.messages.length - (before?.messages.length ?? 0) >= enough) break;
			}
		} catch (problem) {
			if (this.#going !== going) return;
			this.error = codeOf(problem);
		}
		this.#going = null;
		this.loading = false;
	}
}

/** One letter finds people and words that begin with it; only signs find nothing. */
export function isReady(query: string): boolean {
	return /[\p{L}\p{N}]/u.test(query.replace(/(^|\s)-\S*/g, ' '));
}

function resultsOf({ people, conversations, messages }: Found): Result[] {
	return [
		...people.map((person): Result => ({ type: 'person', key: `person-${person.id}`, person })),
		...conversations.map((row): Result => ({ type: 'conversation', key: `conversation-${row.id}`, row })),
		...messages.map((message): Result => ({ type: 'message', key: `message-${message.id}`, message }))
	];
}

const key = Symbol('search');
export const setSearch = (search: Search) => setContext(key, search);
export const getSearch = () => getContext<Search>(key);
