import { fold } from '@prosa/core/text/fold.ts';
import type { Provider, Suggestion } from '../composer/suggest/provider.ts';
import { signed } from '../composer/suggest/provider.ts';
import type { Client } from '#lib/auth/client.ts';
import { m } from '../paraglide/messages.js';

/** Somebody whom a note may call: a person who sees the conversation, or a team. */
export interface Callee {
	id: string;
	name: string;
	team: boolean;
}

/** Those who fit what was typed behind the @, best first: names that begin with it, then words in a name that do. */
export function findCallees(callees: readonly Callee[], query: string, count: number): Callee[] {
	const wanted = fold(query.trim());
	// Behind a whole name and a space the name is written: nothing is sought any more.
	if (query.endsWith(' ') && callees.some(({ name }) => fold(name) === wanted)) return [];
	const rank = ({ name, team }: Callee): number => {
		const words = fold(name);
		if (words.startsWith(wanted)) return 0;
		if (words.split(' ').some((word) => word.startsWith(wanted))) return 1;
		return team && fold(m.mention_team()).startsWith(wanted) ? 2 : 3;
	};
	return callees
		.map((callee) => ({ callee, rank: rank(callee) }))
		.filter((found) => found.rank < 3)
		.sort((a, b) => a.rank - b.rank)
		.slice(0, count)
		.map(({ callee }) => callee);
}

/** Whom notes in one conversation may call, asked for once when somebody begins to write a note. */
export class Callable {
	#client: Client;
	#tenantId: string;
	#conversationId: string;
	#me: string;
	#loading: Promise<void> | null = null;

	all = $state.raw<Callee[]>([]);

	constructor(client: Client, tenantId: string, conversationId: string, me: string) {
		this.#client = client;
		this.#tenantId = tenantId;
		this.#conversationId = conversationId;
		this.#me = me;
	}

	/** Asks the database, once; again after a failure. */
	load(): Promise<void> {
		this.#loading ??= this.#ask().catch((problem: unknown) => {
			this.#loading = null;
			throw problem;
		});
		return this.#loading;
	}

	/** The suggestions behind an @ in a note. */
	readonly provider: Provider = {
		name: 'mentions',
		modes: ['note'],
		label: m.mention_label,
		at: signed('@', /[\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]*){0,2}/u),
		load: async () => {
			await this.load();
			return (query) =>
				findCallees(this.all, query, 7).map(({ id, name, team }): Suggestion => ({
					id,
					label: name,
					...(team ? { tail: m.mention_team() } : {}),
					words: () => `@${name} `
				}));
		}
	};

	async #ask() {
		const [people, teams] = await Promise.all([
			this.#client.rpc('mentionable_members', { conversation_id: this.#conversationId }).throwOnError(),
			this.#client.from('teams').select('id, name').eq('tenant_id', this.#tenantId).order('name').throwOnError()
		]);
		this.all = [
			...people.data
				.filter(({ user_id }) => user_id !== this.#me)
				.map(({ user_id, display_name }) => ({ id: user_id, name: display_name, team: false })),
			...teams.data.map(({ id, name }) => ({ id, name, team: true }))
		];
	}
}
