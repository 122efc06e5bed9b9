import { SvelteMap } from 'svelte/reactivity';
import type { Message } from '../database.ts';
import type { PutFile } from '../composer/files/attachment.svelte.ts';
import { Tray } from '../composer/files/tray.svelte.ts';
import { TypingSignal } from '../composer/typing.ts';
import type { Waiting } from '../scheduled/waiting.svelte.ts';
import { CatchUp } from '../realtime/catch_up.ts';
import { codeOf } from '../errors/code.ts';
import { leavesGap, newestMessages, tellsOfParts } from './messages.ts';
import type { InboxRow } from './rows.ts';
import { Outbox, type Keeper, type Send } from './outbox.svelte.ts';

/** Where messages come from; the database in the browser, an array in a test. */
export interface ThreadSource {
	page(before: number | null): Promise<Message[]>;
	from(seq: number, before: number | null): Promise<Message[]>;
	/** The page that begins at a place, oldest first. */
	next(seq: number): Promise<Message[]>;
	seqOf(messageId: string): Promise<number | null>;
	send: Send;
	/** Who follows the conversation. */
	followers(): Promise<string[]>;
	/** The conversations that are part of it. */
	parts(): Promise<InboxRow[]>;
	/** Where unsent messages outlive the page; nowhere without. */
	keeper?: Keeper | null;
	/** Where an upload lies, by its id and the file's name. */
	uploadPath(id: string, name: string): string;
	put: PutFile;
	/** Shows the customer that somebody types. */
	showTyping(): Promise<unknown>;
}

/** Where a thread is to be looked at: a message, or the first one from a place on. */
export interface Goal {
	seq: number;
	messageId: string | null;
}

/** Messages further back than this from the window are looked at in a window of their own. */
const nearby = 150;

/**
 * One conversation's messages: a window on the newest, grown backwards by pages and forwards by Realtime. Who jumps far
 * back gets a window there instead (`detached`), which grows both ways by pages until it meets the newest.
 */
export class Thread {
	readonly id: string;
	readonly outbox: Outbox;
	/** Files that wait beside the text being written. */
	readonly tray: Tray;
	/** Tells the customer of typing. */
	readonly typing: TypingSignal;

	#source: ThreadSource;
	#pageSize: number;
	#byId = new SvelteMap<string, Message>();
	/** Messages may have left the thread. */
	#anew = false;
	#older: Promise<void> | null = null;
	#catchUp = new CatchUp(() => this.#missed());

	/** What waits for its time, while the thread is on the screen. */
	waiting = $state.raw<Waiting | null>(null);
	/** Nothing was loaded yet. */
	pristine = $state(true);
	/** The first message is loaded: there is nothing older. */
	complete = $state(false);
	loading = $state(false);
	/** There are newer messages than the window's last. */
	detached = $state(false);
	/** The first place that was not read, while it was not looked at either. */
	firstUnread = $state<number | null>(null);
	/** What the list of messages is to bring into sight, and then forgets. */
	goal = $state.raw<Goal | null>(null);
	/** The part of it that something is to be seen in: shown whole. */
	openPart = $state<string | null>(null);
	error = $state<string | null>(null);

	/** Who follows the conversation; empty until it is known. */
	followers = $state.raw<string[]>([]);
	/** The conversations that are part of it, the first to end first; empty until it is known. */
	parts = $state.raw<InboxRow[]>([]);

	readonly messages = $derived([...this.#byId.values()].sort((a, b) => a.seq - b.seq));
	readonly lastSeq = $derived(this.messages.at(-1)?.seq ?? null);

	constructor(id: string, source: ThreadSource, pageSize: number) {
		this.id = id;
		this.#source = source;
		this.#pageSize = pageSize;
		this.outbox = new Outbox(source.send, (row) => this.apply([row]), source.keeper);
		this.tray = new Tray(source.uploadPath, source.put);
		this.typing = new TypingSignal(source.showTyping);
	}

	/** Something was written here that hasn't left this page. */
	get unsent(): boolean {
		return this.outbox.items.length > 0 || this.tray.items.length > 0;
	}

	/** Writes a note that only colleagues see; `mentions` are the people it names. */
	note(text: string, mentions: string[]) {
		this.outbox.note(text, mentions);
	}

	/** Takes the newest page when it was loaded elsewhere, as the server does for the first paint. */
	seed(rows: Message[]) {
		this.apply(rows);
		this.pristine = false;
		this.complete = rows.length < this.#pageSize;
	}

	/** Loads the newest page, or the one before what is loaded; once at a time. */
	async older(): Promise<void> {
		if (!this.loading && !this.complete) this.#older = this.#before().finally(() => (this.#older = null));
		await this.#older;
	}

	async #before() {
		this.loading = true;
		this.error = null;
		try {
			const rows = await this.#source.page(this.messages[0]?.seq ?? null);
			this.apply(rows);
			this.complete = rows.length < this.#pageSize;
			this.pristine = false;
		} catch (problem) {
			this.error = codeOf(problem);
		}
		this.loading = false;
	}

	/** Loads the page after a window that lies further back; once at a time. */
	async newer(): Promise<void> {
		const last = this.lastSeq;
		if (this.loading || !this.detached || last === null) return;
		this.loading = true;
		this.error = null;
		try {
			const rows = await this.#source.next(last + 1);
			for (const row of rows) this.#byId.set(row.id, row);
			this.detached = rows.length === this.#pageSize;
		} catch (problem) {
			this.error = codeOf(problem);
		}
		this.loading = false;
		// What Realtime told meanwhile was beyond the window.
		if (!this.detached) this.catchUp();
	}

	/** Asks for a place to be brought into sight, loading what lies around it. */
	async seek(goal: Goal): Promise<void> {
		try {
			await this.around(goal.seq);
			this.goal = goal;
		} catch (problem) {
			this.error = codeOf(problem);
		}
	}

	/** Makes sure that a place is loaded, with what stands around it. Throws what the database answers. */
	async around(seq: number): Promise<void> {
		const first = this.messages[0]?.seq ?? null;
		const last = this.lastSeq;
		if (first !== null && last !== null) {
			if (seq >= first && (seq <= last || !this.detached)) return;
			if (seq < first && first - seq <= nearby) {
				const from = Math.max(seq - 10, 0);
				this.apply(await this.#source.from(from, first));
				if (from === 0) this.complete = true;
				return;
			}
		}
		this.loading = true;
		try {
			const [earlier, later] = await Promise.all([this.#source.page(seq), this.#source.next(seq)]);
			this.#byId.clear();
			for (const row of [...earlier, ...later]) this.#byId.set(row.id, row);
			this.complete = earlier.length < this.#pageSize;
			this.detached = later.length === this.#pageSize;
			this.pristine = false;
			this.error = null;
		} finally {
			this.loading = false;
		}
	}

	/** Back from further back to the newest messages. */
	async newest(): Promise<void> {
		if (this.detached) await this.renew();
	}

	/** Realtime may deliver a row twice, late, or before the answer to our own call: the newest version wins. */
	apply(rows: Message[]) {
		// Further back, what is newer than the window waits for its page.
		const within = this.detached ? rows.filter(({ seq }) => seq <= (this.lastSeq ?? 0)) : rows;
		const gap = !this.detached && leavesGap(this.lastSeq, rows);
		for (const row of newestMessages(this.#byId, within)) this.#byId.set(row.id, row);
		for (const { client_id } of rows) if (client_id) this.outbox.settle(client_id);
		if (gap) this.catchUp();
		if (!this.pristine && rows.some(tellsOfParts)) void this.readParts();
	}

	/**
	 * After a join or a break: what came since, and the loaded window once more, for ticks, edits and deletions that
	 * happened meanwhile. Again until it is read.
	 */
	catchUp() {
		this.#catchUp.ask();
	}

	/** Messages left the thread: it begins anew with the newest page. */
	parted() {
		this.#anew = !this.pristine;
		this.catchUp();
	}

	/** Nobody looks any more: what could not be read is read when somebody does. */
	stop() {
		this.#catchUp.stop();
	}

	/** Reads who follows; what was known stays where that fails. */
	async readFollowers(): Promise<void> {
		try {
			this.followers = await this.#source.followers();
		} catch {
			// The next join asks again.
		}
	}

	/** Reads what is part of it; what was known stays where that fails. */
	async readParts(): Promise<void> {
		try {
			this.parts = await this.#source.parts();
		} catch {
			// The next join asks again.
		}
	}

	/** Begins anew with the newest page, from further back or because messages left the thread. */
	async renew(): Promise<void> {
		if (this.pristine) return;
		const rows = await this.#source.page(null);
		this.#byId.clear();
		this.detached = false;
		this.seed(rows);
	}

	/** Makes sure that a message is loaded, however old it is. Answers whether it is there. */
	async reach(messageId: string): Promise<boolean> {
		if (this.#byId.has(messageId)) return true;
		const seq = await this.#source.seqOf(messageId);
		if (seq === null || this.pristine) return false;
		await this.around(seq);
		return this.#byId.has(messageId);
	}

	async #missed() {
		if (this.#anew) {
			await this.renew();
			this.#anew = false;
			return;
		}
		// A page that was asked for earlier may be from before the join.
		const asked = this.loading;
		const { pristine } = this;
		if (pristine) await this.older();
		if (this.pristine) throw new Error(this.error ?? 'not loaded yet');
		if (!pristine || asked) await this.#fill();
	}

	async #fill() {
		const first = this.messages[0]?.seq ?? 0;
		const rows = await this.#source.from(first, this.detached && this.lastSeq !== null ? this.lastSeq + 1 : null);
		for (const row of newestMessages(this.#byId, rows)) this.#byId.set(row.id, row);
		for (const { client_id } of rows) if (client_id) this.outbox.settle(client_id);
	}
}
