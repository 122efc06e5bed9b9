import type { Session } from '../auth/session.svelte.ts';
import type { Connection } from '../realtime/connection.svelte.ts';
import { Topic } from '../realtime/topic.ts';
import { now } from '../time/instant.ts';
import type { Notice, UnreadNews } from './notice.ts';
import { noticePage, noticesPage, preferencesOf, unreadCount, waitingConversations } from './queries.ts';
import type { Telling } from './telling.svelte.ts';

/** While a window is looked at, the database hears of it this often: whoever is away gets a mail. */
const hereMs = 120_000;

export interface Told {
	/** Something new, told just now. */
	onnotice: (notice: Notice, sound: boolean) => void;
	/** One of the person's conversations has turned unread. */
	onunread: (news: UnreadNews) => void;
}

/** Follows what one person is told in one workspace, and keeps `Telling` true. */
export class TellingHost {
	#session: Session;
	#tenantId: string;
	#me: string;
	#locale: string;
	#telling: Telling;
	#topic: Topic | null = null;
	#settling: ReturnType<typeof setTimeout> | undefined;
	#hereAt = 0;
	#loading: Promise<void> | null = null;

	constructor(session: Session, place: { tenantId: string; me: string; locale: string }, telling: Telling) {
		this.#session = session;
		this.#tenantId = place.tenantId;
		this.#me = place.me;
		this.#locale = place.locale;
		this.#telling = telling;
	}

	/** Begins to listen. Returns what ends it. */
	start(connection: Connection, told: Told): () => void {
		let stopped = false;
		void this.#session.keepAlive().then(() => {
			if (stopped) return;
			this.#topic = new Topic(this.#session.client, connection, `user:${this.#me}`, {
				on: {
					notification: (payload) => this.#arrived(payload as Notice & { sound: boolean }, told),
					notifications_read: (payload) => this.#read(payload as { tenant_id: string; ids: string[] }),
					unread: (payload) => this.#turned(payload as UnreadNews, told)
				},
				onjoin: () => void this.#catchUp()
			});
		});
		const visible = () => {
			if (document.visibilityState !== 'visible') return;
			void this.here();
			this.#settleSoon();
		};
		const timer = setInterval(visible, hereMs);
		document.addEventListener('visibilitychange', visible);
		void this.here();
		return () => {
			stopped = true;
			clearInterval(timer);
			clearTimeout(this.#settling);
			document.removeEventListener('visibilitychange', visible);
			void this.#topic?.stop();
		};
	}

	/** Notes that the person looks. */
	async here() {
		if (document.visibilityState !== 'visible' || Date.now() - this.#hereAt < hereMs / 2) return;
		this.#hereAt = Date.now();
		await this.#session.client.rpc('i_am_here', { tenant_id: this.#tenantId, locale: this.#locale });
	}

	/** Loads the next page of the bell. */
	more(): Promise<void> {
		this.#loading ??= this.#more().finally(() => (this.#loading = null));
		return this.#loading;
	}

	async read(ids: string[]): Promise<void> {
		const unread = this.#telling.notices.filter(({ id, read_at }) => read_at === null && ids.includes(id));
		this.#telling.markRead(unread.map(({ id }) => id));
		await this.#session.client.rpc('read_notifications', { tenant_id: this.#tenantId, ids }).throwOnError();
	}

	async readAll(): Promise<void> {
		this.#telling.markRead(this.#telling.notices.map(({ id }) => id));
		this.#telling.unread = 0;
		await this.#session.client.rpc('read_notifications', { tenant_id: this.#tenantId }).throwOnError();
	}

	async unread(id: string): Promise<void> {
		await this.#session.client.rpc('unread_notification', { tenant_id: this.#tenantId, id }).throwOnError();
		this.#telling.notices = this.#telling.notices.map((notice) =>
			notice.id === id ? { ...notice, read_at: null } : notice
		);
		this.#telling.unread += 1;
	}

	/** A notice is followed to where it leads. */
	visit(notice: Notice) {
		this.#telling.open = false;
		if (notice.read_at === null) void this.read([notice.id]).catch(() => undefined);
	}

	/** A conversation is on the screen: whatever was told of it is read. */
	looked(conversationId: string) {
		const told = this.#telling.notices.filter(
			({ conversation_id, read_at }) => conversation_id === conversationId && read_at === null
		);
		if (told.length > 0) void this.read(told.map(({ id }) => id)).catch(() => undefined);
	}

	async reloadPreferences() {
		const { ways, settings } = await preferencesOf(this.#session.client, this.#tenantId);
		this.#telling.ways = ways;
		this.#telling.settings = settings;
	}

	#arrived({ sound, ...notice }: Notice & { sound: boolean }, told: Told) {
		if (notice.tenant_id !== this.#tenantId) return;
		const known = this.#telling.notices.find(({ id }) => id === notice.id);
		this.#telling.apply([notice]);
		if (!known) this.#telling.unread += 1;
		this.#settleSoon();
		told.onnotice(notice, sound);
	}

	#read({ tenant_id, ids }: { tenant_id: string; ids: string[] }) {
		if (tenant_id !== this.#tenantId) return;
		this.#telling.notices = this.#telling.notices.map((notice) =>
			ids.includes(notice.id) && notice.read_at === null ? { ...notice, read_at: now() } : notice
		);
		this.#settleSoon();
	}

	#turned(news: UnreadNews, told: Told) {
		if (news.tenant_id !== this.#tenantId) return;
		if (!news.unread) {
			this.#telling.waiting.delete(news.conversation_id);
			return;
		}
		this.#telling.waiting.add(news.conversation_id);
		told.onunread(news);
	}

	/** Counts are asked for again a moment after something happened, once for all that did. */
	#settleSoon() {
		clearTimeout(this.#settling);
		this.#settling = setTimeout(() => void this.#settle().catch(() => undefined), 800);
	}

	async #settle() {
		const { client } = this.#session;
		const [unread, waiting] = await Promise.all([
			unreadCount(client, this.#tenantId),
			waitingConversations(client, this.#tenantId, this.#me)
		]);
		this.#telling.unread = unread;
		for (const id of this.#telling.waiting) if (!waiting.includes(id)) this.#telling.waiting.delete(id);
		for (const id of waiting) this.#telling.waiting.add(id);
	}

	async #catchUp() {
		try {
			const [rows] = await Promise.all([
				noticesPage(this.#session.client, this.#tenantId, null),
				this.#settle(),
				this.reloadPreferences()
			]);
			this.#telling.apply(rows);
			if (!this.#telling.loaded) this.#telling.complete = rows.length < noticePage;
			this.#telling.loaded = true;
			this.#telling.failed = false;
		} catch {
			this.#telling.failed = true; // The next join asks again.
		}
	}

	async #more() {
		try {
			const last = this.#telling.notices.at(-1)?.created_at ?? null;
			const rows = await noticesPage(this.#session.client, this.#tenantId, last);
			this.#telling.apply(rows);
			this.#telling.complete = rows.length < noticePage;
			this.#telling.loaded = true;
			this.#telling.failed = false;
		} catch {
			this.#telling.failed = true;
		}
	}
}
