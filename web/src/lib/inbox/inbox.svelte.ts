import { getContext, setContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import type { Session } from '../auth/session.svelte.ts';
import { valuesOf } from '../attributes/required.ts';
import { Bulk } from '../bulk/bulk.svelte.ts';
import type { Conversation, Message } from '../database.ts';
import { CatchUp } from '../realtime/catch_up.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { Frames } from '../realtime/frames.ts';
import { Topic } from '../realtime/topic.ts';
import { Slots } from '../slots/slots.svelte.ts';
import { Views } from '../views/views.svelte.ts';
import type { Cell } from '../views/counts.svelte.ts';
import { may, type Place } from '../workspace/context.ts';
import { Conversations } from './conversations.svelte.ts';
import { Drafts } from './drafts.svelte.ts';
import { Opened, type Following } from './opened.svelte.ts';
import { People } from './people.svelte.ts';
import { listChanges, listPage, mentionedIds, messagePlace, pageSize, rowsById, seqAt } from './queries.ts';
import type { InboxRow } from './rows.ts';
import { Selection } from './selection.svelte.ts';
import { inboxTopics, inSight, type Viewer } from './sight.ts';
import type { Goal, Thread } from './thread.svelte.ts';
import { threadTopic } from './thread_topic.ts';
import { Threads } from './threads.svelte.ts';
import { filterKey, type Filter } from './views.ts';

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
	/** What workers write beside conversations. */
	readonly slots: Slots;

	#place: Place;
	#session: Session;
	#connection: Connection;
	#threads: Threads;
	#topics: Topic[] = [];
	#opened: Opened;
	#missed = new CatchUp(() => this.#catchUp());
	/** Rows as they are told: on a busy day several a frame. */
	#told = new Frames<InboxRow>((rows) => this.conversations.apply({ type: 'upsert', rows }));
	/** Conversations of which nobody could be asked whether they are still ours. */
	#unsure = new SvelteSet<string>();
	#endings: (() => void)[] = [];
	#people = $state.raw<People | null>(null);

	constructor(place: Place, session: Session, connection: Connection) {
		this.#place = place;
		this.#session = session;
		this.#connection = connection;
		const { tenant_id: tenantId } = place.workspace;
		const me = place.person.id;
		this.#threads = new Threads(session, tenantId, me);
		this.slots = new Slots(() => session.client, tenantId);
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
		this.#opened = new Opened({
			conversations: this.conversations,
			threads: this.#threads,
			listen: (thread) => this.#listen(thread),
			find: (id) => this.#find(id)
		});
		this.selection = new Selection(() => this.conversations.list);
		this.views = new Views(session, tenantId, this.#viewer);
	}

	get #viewer(): Viewer {
		const { person, teamIds } = this.#place;
		const seesAll = may(this.#place, 'conversations.read_all');
		return { me: person.id, teamIds, seesAll, picks: may(this.#place, 'conversations.pick') };
	}

	/** How many messages were written here and have not left. */
	get unsent(): number {
		return this.#threads.unsent;
	}

	get thread(): Thread | null {
		return this.#opened.thread;
	}

	get openId(): string | null {
		return this.#opened.id;
	}

	/** The open conversation's row, kept current by the list. */
	get open(): InboxRow | null {
		return this.#opened.row;
	}

	/** The open conversation was asked for and isn't there, or isn't ours to see. */
	get missing(): boolean {
		return this.#opened.missing;
	}

	get people(): People | null {
		return this.#people;
	}

	/** Follows the workspace's topics; what is on the screen by then is caught up after each join. */
	start() {
		const { workspace, person, members } = this.#place;
		this.#people = new People(this.#session, this.#connection, workspace.tenant_id, person.id, members);
		this.#topics = inboxTopics(workspace.tenant_id, this.#viewer).map(
			(topic) =>
				new Topic(this.#session.client, this.#connection, topic, {
					on: {
						conversation: (row) => this.#changed(row as Told),
						left: (gone) => this.#left(gone as Gone)
					},
					onjoin: () => {
						this.views.counts.refresh();
						this.#missed.ask();
					},
					onlost: () => this.conversations.broken()
				})
		);
		this.conversations.broken();
		this.#opened.start();
		const views = this.views.start(() => void this.#mentioned());
		const ticking = setInterval(() => void this.conversations.tick().catch(() => undefined), tickMs);
		this.#endings = [views, () => clearInterval(ticking)];
		this.#people.lookAt(this.openId);
		this.drafts.load();
		addEventListener('storage', this.#drafted);
		addEventListener('online', this.#threads.resume);
		// The macros have keys: they are known before the first is pressed.
		void this.bulk.choices.read();
		this.#threads.restore();
	}

	stop() {
		removeEventListener('storage', this.#drafted);
		removeEventListener('online', this.#threads.resume);
		for (const end of this.#endings) end();
		this.#endings = [];
		this.#told.flush();
		this.#missed.stop();
		this.#threads.stop();
		this.#people?.stop();
		for (const topic of this.#topics) void topic.stop();
		this.#opened.stop();
		this.#topics = [];
	}

	/** Takes a thread that was loaded elsewhere, as the server does for the first paint. */
	seed(row: InboxRow, messages: Message[]) {
		this.conversations.apply({ type: 'upsert', rows: [row] });
		this.#threads.of(row.id).seed(messages);
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
		if (this.openId === id) return;
		this.#opened.show(id);
		this.#people?.lookAt(id);
	}

	/** Has a place in a conversation brought into sight, whether it is open already or is opened now. */
	seek(id: string, goal: Goal): Promise<void> {
		return this.#threads.of(id).seek(goal);
	}

	/** Where a message stands; null where it is gone, or not one's to see. */
	placeOf(messageId: string): Promise<{ conversation_id: string; seq: number } | null> {
		return messagePlace(this.#session.client, this.#place.workspace.tenant_id, messageId);
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

	/** Asks how a conversation stands now, and whether it is still ours to see. */
	look(id: string): Promise<void> {
		return this.#find(id);
	}

	/** Who gives a conversation away may lose sight of it: then the answer is an empty row, and it leaves the screen. */
	async give(id: string, ask: (client: Session['client']) => PromiseLike<{ data: Conversation }>): Promise<void> {
		const { data } = await ask(this.#session.client);
		if (data.id && this.conversations.get(id)) this.#answered(data);
		else await this.#find(id);
	}

	/** Sends a message once more that the provider refused. */
	async retry(message: Message): Promise<void> {
		const { data } = await this.#session.client.rpc('retry_message', { message_id: message.id }).throwOnError();
		this.thread?.apply([data]);
	}

	/** Notes that everything up to `seq` was seen. Silent: it is tried again with the next message. */
	async markRead(id: string, seq: number): Promise<void> {
		if (!may(this.#place, 'conversations.reply')) return;
		const { data } = await this.#session.client.rpc('mark_read', { conversation_id: id, seq });
		if (data) this.#answered(data);
	}

	#drafted = (event: StorageEvent) => this.drafts.changed(event);

	#answered(row: Conversation) {
		this.conversations.patch(row);
	}

	/** A conversation inside another: its thread, kept current until it is stopped. */
	beside(id: string): { thread: Thread; stop: () => void } {
		const thread = this.#threads.of(id);
		if (thread.pristine) void thread.older();
		return { thread, ...this.#listen(thread) };
	}

	#listen(thread: Thread): Following {
		const topic = threadTopic(this.#session.client, this.#connection, thread, this.slots, (row) =>
			this.#changed(row as Told)
		);
		return { stop: () => void topic.stop() };
	}

	/** The open conversation's own topic still tells of it when it was given to others; that row isn't ours to keep. */
	#changed({ was, ...row }: Told) {
		if (was !== undefined) this.views.counts.moved({ id: row.id, updated_at: row.updated_at, was, now: row });
		const ours = inSight(row, this.#viewer);
		if (ours) this.#told.add(row);
		if (!ours || (this.missing && row.id === this.openId)) void this.#find(row.id);
	}

	#left({ id, updated_at, was }: Gone) {
		this.#told.flush();
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

	/** What came and went meanwhile, the open conversation too. Throws where it could not be read. */
	async #catchUp() {
		this.#told.flush();
		await this.conversations.catchUp();
		// Of several topics one may be back before the others.
		if (!this.#topics.every(({ joined }) => joined)) this.conversations.broken();
		const unsure = [...this.#unsure];
		await this.conversations.recheck(unsure);
		for (const id of unsure) this.#unsure.delete(id);
		const id = this.openId;
		if (id === null || !this.#opened.unknown) return;
		await this.conversations.recheck([id]);
		this.#opened.found(id);
	}

	/** Asks whether a conversation is ours to see, until that is known. */
	async #find(id: string) {
		try {
			await this.conversations.recheck([id]);
			this.#opened.found(id);
		} catch {
			this.#unsure.add(id);
			this.#missed.ask();
		}
	}
}

const key = Symbol('inbox');
export const setInbox = (inbox: Inbox) => setContext(key, inbox);
export const getInbox = () => getContext<Inbox>(key);
