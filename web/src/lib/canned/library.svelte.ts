import type { Session } from '../auth/session.svelte.ts';
import { followTable } from '../realtime/table.ts';
import { noUses, usedNow } from './find.ts';
import { clockOf, listResponses, myUses } from './queries.ts';
import type { CannedResponse, Use } from './rows.ts';

/** The canned responses of a workspace, as they stand now. Read when somebody first asks for one, then kept current. */
class Library {
	#session: Session;
	#tenantId: string;
	#loading: Promise<void> | null = null;

	responses = $state.raw<CannedResponse[]>([]);
	uses = $state.raw<ReadonlyMap<string, Use>>(noUses);
	clock = $state.raw({ timezone: 'America/Sao_Paulo', locale: 'pt-BR' });

	constructor(session: Session, tenantId: string) {
		this.#session = session;
		this.#tenantId = tenantId;
	}

	/** Resolves when they are there. Tried again where it failed. */
	load(): Promise<void> {
		this.#loading ??= this.#read().catch((problem: unknown) => {
			this.#loading = null;
			throw problem;
		});
		return this.#loading;
	}

	/** It was used just now: it goes first next time. */
	noteUse(responseId: string) {
		this.uses = usedNow(this.uses, responseId);
	}

	async #read() {
		const { client } = this.#session;
		const [responses, uses, clock] = await Promise.all([
			listResponses(client, this.#tenantId),
			myUses(client, this.#tenantId),
			clockOf(client, this.#tenantId)
		]);
		this.responses = responses;
		this.uses = uses;
		this.clock = clock;
		let first = true;
		// For as long as the page lives: they are few, and change seldom.
		followTable(client, 'canned_responses', this.#tenantId, () => {
			if (first) first = false;
			else
				void listResponses(client, this.#tenantId).then(
					(rows) => (this.responses = rows),
					() => undefined
				);
		});
	}
}

const libraries = new WeakMap<Session, Record<string, Library>>();

/** The library of a workspace in a session: one, however many ask. */
export function libraryOf(session: Session, tenantId: string): Library {
	const known = libraries.get(session) ?? {};
	libraries.set(session, known);
	return (known[tenantId] ??= new Library(session, tenantId));
}
