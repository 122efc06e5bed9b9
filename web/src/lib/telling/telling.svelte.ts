import { getContext, setContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import {
	DEFAULT_WAYS,
	isNotificationType,
	type NotificationType,
	type Ways
} from '@prosa/core/notifications/notifications.ts';
import type { NotificationSettings } from '../database.ts';
import { now } from '../time/instant.ts';
import { mergeNotices, type Notice } from './notice.ts';

/** What holds until somebody has set something. */
export const DEFAULT_SETTINGS: TellingSettings = {
	sound: 'drop',
	volume: 60,
	quiet_from: null,
	quiet_until: null,
	quiet_days: [],
	digest: 'hourly',
	digest_at: '08:00'
};

export type TellingSettings = Pick<
	NotificationSettings,
	'sound' | 'volume' | 'quiet_from' | 'quiet_until' | 'quiet_days' | 'digest' | 'digest_at'
>;

/** What waits for a person in one workspace: their notifications, and their conversations that are unread. Only state; the host fills it. */
export class Telling {
	/** The bell's panel is open. */
	open = $state(false);
	notices = $state.raw<Notice[]>([]);
	/** How many of all are unread, loaded or not. */
	unread = $state(0);
	loaded = $state(false);
	complete = $state(false);
	failed = $state(false);
	/** The person's own conversations with something unread. */
	readonly waiting = new SvelteSet<string>();
	/** The conversation on the screen. */
	looking: string | null = $state(null);
	ways = $state.raw<Record<NotificationType, Ways>>(DEFAULT_WAYS);
	settings = $state.raw<TellingSettings>(DEFAULT_SETTINGS);

	/** What the title says: each conversation once, whatever it waits with. */
	readonly attention = $derived.by(() => {
		const told = this.notices.filter(
			(notice) => notice.read_at === null && !this.waiting.has(notice.conversation_id ?? '')
		);
		// What is unread beyond the loaded pages counts too.
		const unloaded = Math.max(0, this.unread - this.notices.filter(({ read_at }) => read_at === null).length);
		return this.waiting.size + distinct(told.map(({ id, conversation_id }) => conversation_id ?? id)) + unloaded;
	});

	/** Takes notices from wherever they come. */
	apply(rows: Notice[]) {
		this.notices = mergeNotices(this.notices, rows);
	}

	/** Notes that some were read, here or in another window. */
	markRead(ids: readonly string[]) {
		const at = now();
		const open = this.notices.filter(({ id, read_at }) => read_at === null && ids.includes(id)).length;
		this.notices = this.notices.map((notice) =>
			ids.includes(notice.id) && notice.read_at === null ? { ...notice, read_at: at } : notice
		);
		this.unread = Math.max(0, this.unread - Math.max(open, Math.min(ids.length, this.unread)));
	}

	/** By which ways the person wants to be told of something. */
	waysOf(type: string): Ways {
		return isNotificationType(type) ? this.ways[type] : DEFAULT_WAYS.rule;
	}
}

const distinct = (ids: string[]) => ids.filter((id, index) => ids.indexOf(id) === index).length;

const key = Symbol('telling');
export const setTelling = (telling: Telling) => setContext(key, telling);
export const getTelling = () => getContext<Telling>(key);
