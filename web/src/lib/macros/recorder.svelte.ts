import type { Action } from '@prosa/core/actions/actions.ts';
import type { Json } from '@prosa/core/database.types.ts';
import type { Session } from '#lib/auth/session.svelte.ts';

/** A macro that is being recorded: what one does in one conversation from now on, told by its thread. */
export class Recorder {
	/** The conversation that is watched, from after this place in its thread. */
	#from = $state.raw<{ conversationId: string; seq: number } | null>(null);
	/** What was recorded, to be looked over and saved; null while there is nothing to save. */
	recorded = $state.raw<Action[] | null>(null);
	readonly active = $derived(this.#from !== null);
	#session: Session;
	#tenantId: string;
	#me: string;

	constructor(session: Session, tenantId: string, me: string) {
		this.#session = session;
		this.#tenantId = tenantId;
		this.#me = me;
	}

	start(conversationId: string, lastSeq: number) {
		this.recorded = null;
		this.#from = { conversationId, seq: lastSeq };
	}

	discard() {
		this.#from = null;
		this.recorded = null;
	}

	/** Ends the recording with what was done since. */
	async stop(): Promise<void> {
		const from = this.#from;
		if (!from) return;
		const { data } = await this.#session.client
			.from('messages')
			.select('seq, kind, author, author_id, direction, body, content')
			.eq('tenant_id', this.#tenantId)
			.eq('conversation_id', from.conversationId)
			.gt('seq', from.seq)
			.order('seq')
			.limit(200)
			.throwOnError();
		this.#from = null;
		// Only who records needs to know what an action is.
		const { recordedActions } = await import('@prosa/core/actions/recorded.ts');
		this.recorded = recordedActions(data, this.#me);
	}

	/** Keeps what was recorded as one's own macro. */
	async save(name: string, actions: Action[]): Promise<void> {
		await this.#session.client
			.rpc('save_macro', {
				tenant_id: this.#tenantId,
				macro_id: null,
				macro: { name, actions: actions as unknown as Json }
			})
			.throwOnError();
		this.recorded = null;
	}
}
