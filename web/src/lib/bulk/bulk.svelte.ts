import type { Action } from '@prosa/core/actions/actions.ts';
import { performedSchema, undoneSchema, type PerformedResult } from '@prosa/core/actions/performed.ts';
import type { Json } from '@prosa/core/database.types.ts';
import { toast } from 'svelte-sonner';
import { Choices } from '#lib/actions/choices.svelte.ts';
import type { Session } from '#lib/auth/session.svelte.ts';
import { Recorder } from '#lib/macros/recorder.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt, done } from '#lib/ui/toast.ts';

/** So many conversations in one call: small enough that the count moves, large enough that five hundred take a moment. */
const portion = 50;
/** How long the way back is shown. */
const undoMs = 10_000;

/** What is done: a list of actions, or a macro by its id. */
export type Deed = { actions: Action[] } | { macro: string };

/** Doing things to many conversations, with progress, what was refused, and the way back. One a workspace's inbox. */
export class Bulk {
	readonly choices: Choices;
	readonly recorder: Recorder;
	/** While it runs: how many are behind it. */
	progress = $state.raw<{ done: number; total: number } | null>(null);
	/** What could not be done last time, to be explained; null when nobody needs to know. */
	refused = $state.raw<PerformedResult[] | null>(null);
	/** What `z` takes back. */
	#undoIds = $state.raw<string[]>([]);
	#session: Session;

	readonly busy = $derived(this.progress !== null);
	readonly undoable = $derived(this.#undoIds.length > 0);

	constructor(session: Session, tenantId: string, me: string) {
		this.#session = session;
		this.choices = new Choices(() => session.client, tenantId);
		this.recorder = new Recorder(session, tenantId, me);
	}

	/** Does something to conversations; says how it went. Answers whether all of them had it done. */
	async run(ids: readonly string[], deed: Deed): Promise<boolean> {
		if (this.busy || ids.length === 0) return false;
		const results: PerformedResult[] = [];
		const undoIds: string[] = [];
		this.progress = { done: 0, total: ids.length };
		const whole = await attempt(async () => {
			for (let start = 0; start < ids.length; start += portion) {
				const answer = performedSchema.parse(await this.#ask(ids.slice(start, start + portion), deed));
				results.push(...answer.results);
				if (answer.undo_id) undoIds.push(answer.undo_id);
				this.progress = { done: results.length, total: ids.length };
			}
		});
		this.progress = null;
		this.#undoIds = undoIds;
		const refused = results.filter(({ outcome }) => outcome === 'refused');
		this.refused = refused.length > 0 ? refused : null;
		const count = results.length - refused.length;
		if (count > 0) this.#tell(m.bulk_done({ count }));
		return whole && refused.length === 0;
	}

	/** Takes the last of it back. */
	async undo() {
		const ids = this.#undoIds;
		if (ids.length === 0) return;
		this.#undoIds = [];
		await attempt(async () => {
			const { data } = await this.#session.client.rpc('undo_actions', { undo_ids: ids }).throwOnError();
			const { undone, kept } = undoneSchema.parse(data);
			done(kept > 0 ? m.bulk_undone_partly({ undone, kept }) : m.bulk_undone({ count: undone }));
		});
	}

	async #ask(ids: string[], deed: Deed): Promise<unknown> {
		const { client } = this.#session;
		const { data } =
			'macro' in deed
				? await client.rpc('run_macro', { macro_id: deed.macro, conversation_ids: ids }).throwOnError()
				: await client
						.rpc('perform_actions', { conversation_ids: ids, actions: deed.actions as unknown as Json })
						.throwOnError();
		return data;
	}

	#tell(sentence: string) {
		const action = this.undoable ? { action: { label: `${m.undo()} (Z)`, onClick: () => void this.undo() } } : {};
		toast(sentence, { duration: undoMs, ...action });
	}
}
