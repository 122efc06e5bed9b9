import type { Performed, PerformedResult } from '@prosa/core/actions/performed.ts';
import type { Json } from '@prosa/core/database.types.ts';
import { toast } from '#lib/ui/sonner.svelte.ts';
import { Choices } from '#lib/actions/choices.svelte.ts';
import type { Session } from '#lib/auth/session.svelte.ts';
import { Recorder } from '#lib/macros/recorder.svelte.ts';
import { m } from '#lib/paraglide/messages.js';
import { attempt, done, failed } from '#lib/ui/toast.ts';
import { groupsLacking } from '#lib/attributes/required.ts';
import { fillingIn, type Asking, type Deed, type Waiting } from './asking.ts';

/** So many conversations in one call: small enough that the count moves, large enough that five hundred take a moment. */
const portion = 50;
/** How long the way back is shown. */
const undoMs = 10_000;

/** Doing things to many conversations, with progress, what was refused, and the way back. One a workspace's inbox. */
export class Bulk {
	readonly choices: Choices;
	readonly recorder: Recorder;
	/** While it runs: how many are behind it. */
	progress = $state.raw<{ done: number; total: number } | null>(null);
	/** What could not be done last time, to be explained; null when nobody needs to know. */
	refused = $state.raw<PerformedResult[] | null>(null);
	/** What cannot be closed before somebody says something about it; null when nothing waits for that. */
	asking = $state.raw<Asking | null>(null);
	/** A macro for many that is looked at before it runs. */
	waiting = $state.raw<Waiting | null>(null);
	/** What `z` takes back. */
	#undoIds = $state.raw<string[]>([]);
	#session: Session;
	/** The custom attributes of a conversation, as far as this page knows them. */
	#valuesOf: (id: string) => Readonly<Record<string, unknown>>;

	readonly busy = $derived(this.progress !== null);
	readonly undoable = $derived(this.#undoIds.length > 0);

	constructor(
		session: Session,
		tenantId: string,
		me: string,
		valuesOf: (id: string) => Readonly<Record<string, unknown>>
	) {
		this.#session = session;
		this.#valuesOf = valuesOf;
		this.choices = new Choices(() => session.client, tenantId);
		this.recorder = new Recorder(session, tenantId, me);
	}

	/** There is something to show beyond the choice of rows. */
	get active(): boolean {
		const { active, recorded } = this.recorder;
		return this.busy || this.refused !== null || this.asking !== null || active || recorded !== null;
	}

	/** Does something to conversations; says how it went. Answers whether all of them had it done. */
	async run(ids: readonly string[], deed: Deed, ondone?: () => void): Promise<boolean> {
		if (this.busy || ids.length === 0) return false;
		const results: PerformedResult[] = [];
		const undoIds: string[] = [];
		const whole = await this.#do([{ ids, deed }], results, undoIds);
		await this.#settle(results, undoIds, deed, ondone);
		return whole && results.every(({ outcome }) => outcome === 'done');
	}

	/** Runs a macro: on one conversation at once, on several after a look at what it does. */
	async runMacro(ids: readonly string[], macro: string, ondone?: () => void): Promise<void> {
		if (ids.length > 1) this.waiting = { ids, macro, ...(ondone ? { ondone } : {}) };
		else await this.run(ids, { macro }, ondone);
	}

	/** Asks for what closing these conversations needs, and then does what was begun. */
	async ask(ids: readonly string[], deed: Deed, ondone?: () => void): Promise<void> {
		// What is asked for may be new since the page was opened.
		await this.choices.read(true);
		const groups = groupsLacking(
			this.choices.attributes,
			ids.map((id) => ({ id, values: this.#valuesOf(id) }))
		);
		const asks = groups.some(({ missing }) => missing.length > 0);
		if (asks) this.asking = { deed, groups, ...(ondone ? { ondone } : {}) };
		else failed({ message: 'attributes_required' });
	}

	/** Goes on with what was asked for: writes the answers down and does the deed, for each conversation both or neither. */
	async answer(asking: Asking, values: Readonly<Record<string, string | number | boolean>>): Promise<void> {
		if (this.busy) return;
		const { deed, groups, ondone } = asking;
		const results: PerformedResult[] = [];
		const undoIds: string[] = [];
		const parts = groups.flatMap((group) => {
			const filled = fillingIn(group, values);
			const { ids } = group;
			if ('actions' in deed) return [{ ids, deed: { actions: [...filled, ...deed.actions] } }];
			return [...(filled.length > 0 ? [{ ids, deed: { actions: filled } }] : []), { ids, deed }];
		});
		const whole = await this.#do(parts, results, undoIds);
		if (whole) this.asking = null;
		// Of a conversation that was asked twice, the last answer counts.
		const last = ({ conversation_id: id }: PerformedResult) => results.findLast((one) => one.conversation_id === id);
		await this.#settle(
			results.filter((one) => last(one) === one),
			undoIds,
			deed,
			ondone
		);
	}

	async #do(
		parts: { ids: readonly string[]; deed: Deed }[],
		results: PerformedResult[],
		undoIds: string[]
	): Promise<boolean> {
		const total = parts.reduce((sum, { ids }) => sum + ids.length, 0);
		this.progress = { done: 0, total };
		const whole = await attempt(async () => {
			for (const { ids, deed } of parts) {
				for (let start = 0; start < ids.length; start += portion) {
					const answer = await this.#request(ids.slice(start, start + portion), deed);
					results.push(...answer.results);
					if (answer.undo_id) undoIds.unshift(answer.undo_id);
					this.progress = { done: results.length, total };
				}
			}
		});
		this.progress = null;
		return whole;
	}

	async #settle(results: PerformedResult[], undoIds: string[], deed: Deed, ondone?: () => void): Promise<void> {
		this.#undoIds = undoIds;
		const refused = results.filter(({ outcome }) => outcome === 'refused');
		const lacking = refused.filter(({ code }) => code === 'attributes_required');
		const others = refused.filter(({ code }) => code !== 'attributes_required');
		this.refused = others.length > 0 ? others : null;
		const count = results.length - refused.length;
		if (count > 0) this.#tell(m.bulk_done({ count }));
		if (lacking.length > 0) {
			const ids = lacking.map(({ conversation_id }) => conversation_id);
			await this.ask(ids, deed, others.length === 0 ? ondone : undefined);
		} else if (results.length > 0 && refused.length === 0) ondone?.();
	}

	/** Takes the last of it back. */
	async undo() {
		const ids = this.#undoIds;
		if (ids.length === 0) return;
		this.#undoIds = [];
		await attempt(async () => {
			const { data } = await this.#session.client.rpc('undo_actions', { undo_ids: ids }).throwOnError();
			const { undone, kept } = data;
			done(kept > 0 ? m.bulk_undone_partly({ undone, kept }) : m.bulk_undone({ count: undone }));
		});
	}

	async #request(ids: readonly string[], deed: Deed): Promise<Performed> {
		const { client } = this.#session;
		const { data } =
			'macro' in deed
				? await client.rpc('run_macro', { macro_id: deed.macro, conversation_ids: [...ids] }).throwOnError()
				: await client
						.rpc('perform_actions', { conversation_ids: [...ids], actions: deed.actions as unknown as Json })
						.throwOnError();
		return data;
	}

	#tell(sentence: string) {
		const action = this.undoable ? { action: { label: `${m.undo()} (Z)`, onClick: () => void this.undo() } } : {};
		toast(sentence, { duration: undoMs, ...action });
	}
}
