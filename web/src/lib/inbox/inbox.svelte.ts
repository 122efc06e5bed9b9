import { getContext, setContext } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import { valuesOf } from '../attributes/required.ts';
import { Bulk } from '../bulk/bulk.svelte.ts';
import { uploadPath } from '../composer/files/path.ts';
import type { Conversation, Message } from '../database.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { Topic } from '../realtime/topic.ts';
import { Views } from '../views/views.svelte.ts';
import type { Cell } from '../views/counts.svelte.ts';
import { may, type Place } from '../workspace/context.ts';
import { Conversations } from './conversations.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { KeptOutbox } from './kept_outbox.ts';
import { People } from './people.svelte.ts';
import {
	followersOf,
	listChanges,
	listPage,
	mentionedIds,
	messageSeq,
	pageSize,
	rowsById,
	threadFrom,
	seqAt,
	threadNext,
	threadPage
} from './queries.ts';
import type { InboxRow } from './rows.ts';
import { Selection } from './selection.svelte.ts';
import { inSight, type Viewer } from './sight.ts';
import { filterKey, type Filter } from './views.ts';
import { Thread, type Goal } from './thread.svelte.ts';

/** Threads kept warm, so that going back and forth costs nothing. */
const warmThreads = 12;

/** How often filters that ask how long something took are looked at again. */
const tickMs = 30_000;

/** A row as Realtime tells it; `was` where it came to stand elsewhere, null when it is new. */
type Told = InboxRow & { was?: Cell | null };

interface Gone {
	id: string;
	updated_at: string;
	was: Cell;
}

/** The inbox of one workspace: its list, the open thread, who is there, and what one can do. */
export class Inbox {
	readonly conversations: Conversations;
	/** The views beside the list, with their counts. */
	readonly views: Views;
	/** Doing things to several conversations at once. */
	readonly bulk: Bulk;
	/** Rows chosen to act on together. */
	readonly selection: Selection;
	readonly drafts: Drafts;

	#place: Place;
	#session: Session;
	#connection: Connection;
	#threads = new SvelteMap<string, Thread>();
	#topics: Topic[] = [];
	#threadTopic: Topic | null = null;
	#endings: (() => void)[] = [];
	#people = $state.raw<People | null>(null);
	#kept: KeptOutbox | null = null;
	#letGo: (() => void) | null = null;
	#openId = $state.raw<string | null>(null);
	#thread = $state.raw<Thread | null>(null);
	/** The open conversation was asked for and isn't there, or isn't ours to see. */
	missing = $state(false);

	/** The open conversation's row, kept current by the list. */
	readonly open = $derived.by(() => (this.#openId === null ? null : (this.conversations.get(this.#openId) ?? null)));

	constructor(place: Place, session: Session, connection: Connection) {
		this.#place = place;
		this.#session = session;
		this.#connection = connection;
		const { tenant_id: tenantId } = place.workspace;
		const me = place.person.id;
		// The server draws the page too, and keeps nothing.
		if (typeof indexedDB !== 'undefined') this.#kept = new KeptOutbox(me, tenantId);
		this.drafts = new Drafts(tenantId, me);
		this.bulk = new Bulk(session, tenantId, me, (id) => valuesOf(this.conversations.get(id)));
		this.conversations = new Conversations(
			{
				page: async (filter, after) => {
					if (filter.view === 'mentions') await this.#readMentions();
					return listPage(session.client, tenantId, filter, me, after);
				},
				changes: (since) => listChanges(session.client, tenantId, since),
				byId: (ids) => rowsById(session.client, tenantId, ids)
			},
			{ me, seesAll: may(place, 'conversations.read_all'), pageSize }
		);
		this.selection = new Selection(() => this.conversations.list);
		this.views = new Views(session, tenantId, this.#viewer);
	}

	get #viewer(): Viewer {
		const { person, teamIds } = this.#place;
		const seesAll = may(this.#place, 'conversations.read_all');
		return { me: person.id, teamIds, seesAll, picks: may(this.#place, 'conversations.pick') };
	}

	/** How many messages were written here and have not left. */
	readonly unsent = $derived([...this.#threads.values()].reduce((sum, { outbox }) => sum + outbox.items.length, 0));

	get thread(): Thread | null {
		return this.#thread;
	}

	get openId(): string | null {
		return this.#openId;
	}

	get people(): People | null {
		return this.#people;
	}

	/** Follows the workspace's topics; what is on the screen by then is caught up after each join. */
	start() {
		const { workspace, person, members } = this.#place;
		this.#people = new People(this.#session, this.#connection, workspace.tenant_id, person.id, members);
		this.#topics = this.#inboxTopics().map(
			(topic) =>
				new Topic(this.#session.client, this.#connection, topic, {
					on: {
						conversation: (row) => this.#changed(row as Told),
						left: (gone) => this.#left(gone as Gone)
					},
					onjoin: () => void this.#catchUp()
				})
		);
		this.#follow();
		const views = this.views.start(() => void this.#mentioned());
		const ticking = setInterval(() => void this.conversations.tick().catch(() => undefined), tickMs);
		this.#endings = [views, () => clearInterval(ticking)];
		this.#people.lookAt(this.#openId);
		this.drafts.load();
		addEventListener('storage', this.#drafted);
		addEventListener('online', this.#resume);
		// The macros have keys: they are known before the first is pressed.
		void this.bulk.choices.read();
		this.#restore();
	}

	stop() {
		removeEventListener('storage', this.#drafted);
		removeEventListener('online', this.#resume);
		for (const end of this.#endings) end();
		this.#endings = [];
		this.#letGo?.();
		this.#letGo = null;
		this.#people?.stop();
		for (const topic of this.#topics) void topic.stop();
		void this.#threadTopic?.stop();
		this.#topics = [];
		this.#threadTopic = null;
	}

	/** Takes a thread that was loaded elsewhere, as the server does for the first paint. */
	seed(row: InboxRow, messages: Message[]) {
		this.conversations.apply({ type: 'upsert', rows: [row] });
		this.#threadOf(row.id).seed(messages);
	}

	/** Shows the rows of a filter. Safe to call again with the same one. */
	list(filter: Filter) {
		const before = filterKey(this.conversations.filter);
		this.conversations.filter = filter;
		if (filterKey(filter) !== before) this.selection.clear();
		if (this.conversations.pristine) void this.conversations.more();
	}

	/** Shows a conversation, or none. Safe to call again with the same one. */
	show(id: string | null) {
		if (this.#openId === id) return;
		this.#openId = id;
		this.#thread = id === null ? null : this.#threadOf(id);
		this.missing = false;
		this.#people?.lookAt(id);
		if (this.#people) this.#follow();
	}

	/** Has a place in a conversation brought into sight, whether it is open already or is opened now. */
	seek(id: string, goal: Goal): Promise<void> {
		return this.#threadOf(id).seek(goal);
	}

	/** Brings the first message from a day on into sight. Answers whether there is one. */
	async seekDate(id: string, at: string): Promise<boolean> {
		const seq = await seqAt(this.#session.client, this.#place.workspace.tenant_id, id, at);
		if (seq === null) return false;
		await this.seek(id, { seq, messageId: null });
		return true;
	}

	/**
	 * Has the database change a conversation and shows at once what it answered, whoever's turn Realtime is. Throws what
	 * the database refuses.
	 */
	async change(ask: (client: Session['client']) => PromiseLike<{ data: Conversation }>): Promise<void> {
		const { data } = await ask(this.#session.client);
		this.#answered(data);
	}

	/** Gives a conversation to someone, or to nobody. */
	assign(id: string, assigneeId: string | null): Promise<void> {
		const args = { conversation_id: id, assignee_id: assigneeId };
		return this.#give(id, (client) => client.rpc('assign_conversation', args).throwOnError());
	}

	/** Takes a conversation for oneself from nobody, or over from whom one saw having it. */
	take(id: string, over: string | null): Promise<void> {
		return this.#give(id, (client) => client.rpc('take_conversation', { conversation_id: id, over }).throwOnError());
	}

	/** Passes a conversation on: to a team, a person, or a person in a team. */
	transfer(id: string, teamId: string | null, assigneeId: string | null, note: string): Promise<void> {
		const args = { conversation_id: id, team_id: teamId, assignee_id: assigneeId, note };
		return this.#give(id, (client) => client.rpc('transfer_conversation', args).throwOnError());
	}

	/** Takes back what one gave away a minute ago at most, seen or not. */
	undoHandover(id: string): Promise<void> {
		return this.#give(id, (client) => client.rpc('undo_handover', { conversation_id: id }).throwOnError());
	}

	/** Asks how a conversation stands now, and whether it is still ours to see. */
	look(id: string): Promise<void> {
		return this.#find(id);
	}

	/** Who gives a conversation away may lose sight of it: then the answer is an empty row, and it leaves the screen. */
	async #give(id: string, ask: (client: Session['client']) => PromiseLike<{ data: Conversation }>): Promise<void> {
		const { data } = await ask(this.#session.client);
		if (data.id && this.conversations.get(id)) this.#answered(data);
		else await this.#find(id);
	}

	close(id: string): Promise<void> {
		return this.change((client) => client.rpc('close_conversation', { conversation_id: id }).throwOnError());
	}

	reopen(id: string): Promise<void> {
		return this.change((client) => client.rpc('reopen_conversation', { conversation_id: id }).throwOnError());
	}

	/** Sends a message once more that the provider refused. */
	async retry(message: Message): Promise<void> {
		const { data } = await this.#session.client.rpc('retry_message', { message_id: message.id }).throwOnError();
		this.#thread?.apply([data]);
	}

	/** Notes that everything up to `seq` was seen. Silent: it is tried again with the next message. */
	async markRead(id: string, seq: number): Promise<void> {
		if (!may(this.#place, 'conversations.reply')) return;
		const { data } = await this.#session.client.rpc('mark_read', { conversation_id: id, seq });
		if (data) this.#answered(data);
	}

	/** The device is online again: what was written meanwhile goes out without waiting for its next try. */
	#resume = () => {
		for (const thread of this.#threads.values()) thread.outbox.resume();
	};

	#drafted = (event: StorageEvent) => this.drafts.changed(event);

	/**
	 * Sends what an earlier page had not: of all windows one does, and when it closes the next takes over. Ids are kept,
	 * so that what had arrived after all stays one message.
	 */
	#restore() {
		const kept = this.#kept;
		if (!kept || !('locks' in navigator)) return;
		const ending = new AbortController();
		const ended = new Promise<void>((resolve) => (this.#letGo = resolve));
		void ended.then(() => ending.abort());
		const { workspace, person } = this.#place;
		void navigator.locks
			.request(`prosa:outbox:${workspace.tenant_id}:${person.id}`, { signal: ending.signal }, async () => {
				for (const { conversationId, file, ...row } of await kept.all()) {
					const { outbox, tray } = this.#threadOf(conversationId);
					outbox.restore([{ ...row, upload: file && tray.again(file), failed: null }]);
				}
				await ended;
			})
			.catch(() => undefined); // Stopped while waiting, or nothing can be kept here.
	}

	#answered(row: Conversation) {
		this.conversations.patch(row);
	}

	#inboxTopics(): string[] {
		const { workspace, person, teamIds } = this.#place;
		const inbox = `inbox:${workspace.tenant_id}`;
		if (may(this.#place, 'conversations.read_all')) return [`${inbox}:all`];
		const own = [`${inbox}:user:${person.id}`, ...teamIds.map((id) => `${inbox}:team:${id}`)];
		return may(this.#place, 'conversations.pick') ? [...own, `${inbox}:unassigned`] : own;
	}

	#threadOf(id: string): Thread {
		const known = this.#threads.get(id);
		if (known) {
			// The most recently used stands last.
			this.#threads.delete(id);
			this.#threads.set(id, known);
			return known;
		}
		const session = this.#session;
		const { tenant_id: tenantId } = this.#place.workspace;
		const thread = new Thread(
			id,
			{
				page: (before) => threadPage(session.client, tenantId, id, before),
				from: (seq, before) => threadFrom(session.client, tenantId, id, seq, before),
				next: (seq) => threadNext(session.client, tenantId, id, seq),
				seqOf: (messageId) => messageSeq(session.client, tenantId, messageId),
				followers: () => followersOf(session.client, tenantId, id),
				uploadPath: (fileId, name) => uploadPath(tenantId, this.#place.person.id, fileId, name),
				keeper: this.#kept?.keeperOf(id) ?? null,
				showTyping: async () => session.client.rpc('show_typing', { conversation_id: id }),
				put: (path, file, type, options) => session.putFile('media', path, file, type, options),
				send: async ({ clientId, content, quotedId, note, used }) => {
					if (note) {
						const noted = { text: content.kind === 'text' ? content.text : '', mentions: note.mentions };
						const args = { conversation_id: id, client_id: clientId, content: noted };
						return (await session.client.rpc('add_note', args).throwOnError()).data;
					}
					const { data } = await session.client
						.rpc('send_message', {
							conversation_id: id,
							client_id: clientId,
							content,
							quoted_message_id: quotedId
						})
						.throwOnError();
					if (used.length > 0) {
						const use = { tenant_id: tenantId, client_id: clientId, variant_ids: [...used] };
						// A figure of what is used: the message has gone, whatever becomes of this.
						void session.client.rpc('note_canned_use', use).then(
							() => undefined,
							() => undefined
						);
					}
					return data;
				}
			},
			pageSize
		);
		this.#threads.set(id, thread);
		this.#forgetOldest();
		return thread;
	}

	/** A thread with something unsent is kept, whatever its age. */
	#forgetOldest() {
		for (const [id, thread] of this.#threads) {
			if (this.#threads.size <= warmThreads) return;
			if (id !== this.#openId && !thread.unsent) this.#threads.delete(id);
		}
	}

	/** Listens to the open conversation. Its first join catches the thread up, as does every later one. */
	#follow() {
		void this.#threadTopic?.stop();
		this.#threadTopic = null;
		const thread = this.#thread;
		if (!thread) return;
		// Not waiting for the join: a cold thread is on the screen sooner, and the join reads again what it missed.
		if (thread.pristine) void thread.older();
		if (!this.conversations.get(thread.id)) void this.#find(thread.id);
		this.#threadTopic = new Topic(this.#session.client, this.#connection, `conversation:${thread.id}`, {
			on: {
				message: (row) => thread.apply([row as Message]),
				conversation: (row) => this.#changed(row as Told),
				parted: () => void thread.renew().catch(() => undefined),
				participants: (told) => (thread.followers = (told as { user_ids: string[] }).user_ids)
			},
			onjoin: () => {
				void thread.catchUp().catch(() => undefined);
				void thread.readFollowers();
			}
		});
	}

	/** The open conversation's own topic still tells of it when it was given to others; that row isn't ours to keep. */
	#changed({ was, ...row }: Told) {
		if (was !== undefined) this.views.counts.moved({ id: row.id, updated_at: row.updated_at, was, now: row });
		const ours = inSight(row, this.#viewer);
		if (ours) this.conversations.apply({ type: 'upsert', rows: [row] });
		if (!ours || (this.missing && row.id === this.#openId)) void this.#find(row.id);
	}

	#left({ id, updated_at, was }: Gone) {
		this.views.counts.moved({ id, updated_at, was, now: null });
		void this.#find(id);
	}

	async #readMentions() {
		const ids = await mentionedIds(this.#session.client, this.#place.workspace.tenant_id);
		this.conversations.mentioned = new SvelteSet(ids);
	}

	/** Somebody was mentioned, or read of it: the view of mentions is asked for anew where it is on the screen. */
	async #mentioned() {
		if (this.conversations.filter.view !== 'mentions') return;
		try {
			await this.conversations.renew();
		} catch {
			// Not reached: the next mention or join asks again.
		}
	}

	/** What came and went meanwhile, the open conversation too. */
	async #catchUp() {
		this.views.counts.refresh();
		try {
			await this.conversations.catchUp();
		} catch {
			return; // Not reached: the next join asks again.
		}
		const id = this.#openId;
		if (id !== null && (this.missing || !this.conversations.get(id))) await this.#find(id);
	}

	/**
	 * Asks whether a conversation is ours to see. An open one that isn't is no longer listened to: Realtime asks for the
	 * right only at the join, and would refuse each later one. One that is ours again is listened to again.
	 */
	async #find(id: string) {
		try {
			await this.conversations.recheck([id]);
		} catch {
			return; // Not reached: the next join asks again.
		}
		// Stopped meanwhile, or another one is open.
		if (this.#openId !== id || this.#topics.length === 0) return;
		const missing = !this.conversations.get(id);
		if (missing === this.missing) return;
		this.missing = missing;
		if (!missing) return this.#follow();
		void this.#threadTopic?.stop();
		this.#threadTopic = null;
	}
}

const key = Symbol('inbox');
export const setInbox = (inbox: Inbox) => setContext(key, inbox);
export const getInbox = () => getContext<Inbox>(key);
