import MessageCircle from '@lucide/svelte/icons/message-circle';
import type { Command } from '#lib/keys/command.ts';
import { contactName, phoneText } from '#lib/inbox/name.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Found } from '#lib/search/found.ts';

const pauseMs = 140;

/** People and conversations that the list hasn't loaded, looked for while one types. */
export class Finder {
	found = $state.raw<Command[]>([]);
	loading = $state(false);
	#ask: (query: string, signal: AbortSignal) => Promise<Found>;
	#visit: (conversationId: string) => void;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#going: AbortController | null = null;

	constructor(ask: (query: string, signal: AbortSignal) => Promise<Found>, visit: (conversationId: string) => void) {
		this.#ask = ask;
		this.#visit = visit;
	}

	/** Looks for something else. What was found before stays until the answer is there, so that nothing jumps. */
	look(query: string) {
		this.stop();
		if (query.trim().length < 2) {
			this.found = [];
			return;
		}
		this.loading = true;
		this.#timer = setTimeout(() => void this.#run(query), pauseMs);
	}

	stop() {
		clearTimeout(this.#timer);
		this.#going?.abort();
		this.#going = null;
		this.loading = false;
	}

	async #run(query: string) {
		const going = new AbortController();
		this.#going = going;
		try {
			const found = await this.#ask(query, going.signal);
			if (this.#going === going) this.found = this.#commands(found);
		} catch {
			// What is loaded is still on offer; the search pane tells of failures.
			if (this.#going === going) this.found = [];
		}
		if (this.#going === going) this.loading = false;
	}

	#commands({ people, conversations }: Found): Command[] {
		const rows: [string, Found['people'][number] | Found['conversations'][number]['contact'], boolean][] = [
			...conversations.map(
				(row) => [row.id, row.contact, row.status === 'closed'] as [string, typeof row.contact, boolean]
			),
			...people.flatMap((person) =>
				person.conversation_id === null
					? []
					: [[person.conversation_id, person, false] as [string, typeof person, boolean]]
			)
		];
		const once = rows.filter(([id], index) => rows.findIndex(([other]) => other === id) === index);
		return once.map(([id, contact, closed]): Command => {
			const address = contact.phone ? phoneText(contact.phone) : contact.username ? `@${contact.username}` : '';
			return {
				id,
				group: 'conversations',
				label: contactName(contact),
				note: closed ? `${address} · ${m.status_closed()}` : address,
				icon: MessageCircle,
				run: () => this.#visit(id)
			};
		});
	}
}
