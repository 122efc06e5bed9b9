import type { Inbox } from '../inbox/inbox.svelte.ts';
import { kindOf } from '../inbox/kinds.ts';
import type { InboxRow } from '../inbox/rows.ts';
import { contactName, lineOf } from '../inbox/said.ts';
import type { Thread } from '../inbox/thread.svelte.ts';
import { getLocale } from '../paraglide/runtime.js';
import { now } from '../time/instant.ts';
import type { Place } from '../workspace/context.ts';
import { Seen, type SeenRow } from './seen.ts';

/** What changes in a burst is kept once. */
const calmMs = 1_500;
const mostRows = 50;
const mostMessages = 50;

/** Keeps what is on the screen in this browser, and shows a thread from there that can't be loaded. Returns what ends it. */
export function keepSeen(inbox: Inbox, place: Place): () => void {
	const { workspace, person, members } = place;
	const seen = new Seen(person.id, workspace.tenant_id);
	const locale = getLocale();
	const nameOf = (id: string | null) => members.find(({ user_id }) => user_id === id)?.display_name ?? null;
	void seen.claim(workspace.slug).catch(() => undefined);

	function keepList() {
		const rows = inbox.conversations.list.slice(0, mostRows).map(rowOf);
		if (rows.length === 0) return;
		void seen.keepList({ key: 'list', at: now(), workspace: workspace.slug, locale, rows }).catch(() => undefined);
	}

	function keepThread(thread: Thread, row: InboxRow) {
		const messages = thread.messages.slice(-mostMessages);
		// A window further back is not what the thread ends with.
		if (messages.length === 0 || thread.detached) return;
		const lines = messages
			.filter(({ kind }) => kind !== 'activity')
			.map((message) => ({
				out: message.direction === 'out',
				note: message.kind === 'note',
				author: nameOf(message.author_id),
				text: message.kind === 'note' ? message.body : lineOf(message),
				at: message.created_at
			}));
		const name = contactName(row.contact);
		void seen.keepThread({ id: row.id, at: now(), name, lines, row, messages }).catch(() => undefined);
	}

	/** A thread that was not loaded while there was a connection. */
	async function restore(thread: Thread) {
		const kept = await seen.thread(thread.id).catch(() => null);
		if (kept && thread.pristine) inbox.seed(kept.row, kept.messages);
	}

	let keeping: ReturnType<typeof setTimeout> | undefined;
	const end = $effect.root(() => {
		$effect(() => {
			void inbox.conversations.list;
			if (!navigator.onLine) return;
			// Not put off by what comes next: on a busy day that never ends.
			keeping ??= setTimeout(() => {
				keeping = undefined;
				keepList();
			}, calmMs);
		});
		$effect(() => {
			const { thread, open } = inbox;
			if (!thread || !open) return;
			void thread.messages;
			if (!navigator.onLine) {
				if (thread.pristine) void restore(thread);
				return;
			}
			const timer = setTimeout(() => keepThread(thread, open), calmMs);
			return () => clearTimeout(timer);
		});
	});
	return () => {
		end();
		clearTimeout(keeping);
		seen.close();
	};
}

function rowOf(row: InboxRow): SeenRow {
	return {
		id: row.id,
		name: contactName(row.contact),
		line: row.preview || (row.preview_kind ? (kindOf(row.preview_kind)?.label() ?? '') : ''),
		at: row.last_message_at,
		unread: row.unread_count
	};
}
