import { checkFlow } from '@prosa/core/flows/check.ts';
import type { Flow } from '@prosa/core/flows/flow.ts';
import { Node, type NodeType } from '@prosa/core/flows/nodes.ts';
import type { Client } from '#lib/auth/client.ts';
import { codeOf } from '#lib/errors/code.ts';
import type { Chosen, Place, View, Way } from './canvas/canvas.ts';
import { copyOf, duplicate, paste } from './editing/clipboard.ts';
import * as edit from './editing/edit.ts';
import { freshNode } from './editing/fresh.ts';
import { begin, change, redo, undo, type History } from './editing/history.ts';
import { knownOf, setOf, worstOf } from './sets.ts';
import { openFlow, saveFlow, type Around, type FlowRow, type Opened } from './queries.ts';

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

/** A change is saved this long after the last one. */
const REST_MS = 700;
const RETRY_MS = 5_000;

/** A drawing that somebody works on: what is drawn, what is chosen, and how it is kept. */
export class Editor {
	readonly id: string;
	readonly tenantId: string;
	readonly may: boolean;
	around = $state.raw<Around>() as Around;
	name = $state('');
	chosen = $state.raw<ReadonlySet<string>>(setOf());
	ways = $state.raw<readonly Way[]>([]);
	saving = $state<Saving>('saved');
	/** Why saving failed. */
	problem = $state.raw<unknown>(null);
	published = $state<string | null>(null);
	revision = $state(0);
	view: View | null = null;
	#history = $state.raw<History<Flow>>() as History<Flow>;
	#kept: Flow;
	#keptName: string;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#running: Promise<void> | null = null;
	#following = false;
	#client: () => Client;

	readonly known = $derived(knownOf(this.around));
	readonly problems = $derived(checkFlow(this.flow, this.known));
	readonly faults = $derived(worstOf(this.problems));

	constructor(client: () => Client, tenantId: string, opened: Opened & { flow: Flow }, may: boolean) {
		this.#client = client;
		this.tenantId = tenantId;
		this.id = opened.row.id;
		this.may = may;
		this.around = opened.around;
		this.#kept = opened.flow;
		this.#keptName = opened.row.name;
		this.#history = begin(opened.flow);
		this.#take(opened.row);
	}

	get flow(): Flow {
		return this.#history.now;
	}

	get canUndo(): boolean {
		return this.#history.before.length > 0;
	}

	get canRedo(): boolean {
		return this.#history.after.length > 0;
	}

	/** The block that is shown beside; null where none or several are chosen. */
	get one(): Node | null {
		if (this.chosen.size !== 1) return null;
		return this.flow.nodes.find(({ id }) => this.chosen.has(id)) ?? null;
	}

	/** Draws something else. Changes `about` the same are taken back at once. */
	draw(flow: Flow, about: string | null = null): void {
		if (!this.may || flow === this.flow) return;
		this.#history = change(this.#history, flow, about);
		this.#changed();
	}

	undo = (): void => this.#go(undo(this.#history));
	redo = (): void => this.#go(redo(this.#history));

	#go(history: History<Flow>): void {
		if (history === this.#history) return;
		this.#history = history;
		this.#keepChosen();
		this.#changed();
	}

	rename(name: string): void {
		this.name = name;
		this.#changed();
	}

	choose({ nodes, ways }: Chosen): void {
		this.ways = ways;
		if (nodes.size !== this.chosen.size || [...nodes].some((id) => !this.chosen.has(id))) this.chosen = nodes;
	}

	pick(id: string): void {
		this.chosen = setOf([id]);
		this.view?.show(id);
	}

	chooseAll = (): void => {
		this.chosen = setOf(this.flow.nodes.map(({ id }) => id));
	};

	/** Adds a block: where it was dropped, or behind the one that is chosen, led to by its first free way. */
	add(type: NodeType, place?: Place): void {
		const before = this.one;
		const near = before
			? { x: before.position.x + 330, y: before.position.y }
			: (this.view?.middle() ?? { x: 0, y: 0 });
		const node = freshNode(type, place ?? edit.freePlace(this.flow, near), {
			flowId: this.around.flows.find(({ id, published }) => published && id !== this.id)?.id,
			template: this.around.templates[0]
		});
		if (!node) return;
		node.position = { x: Math.round(node.position.x), y: Math.round(node.position.y) };
		const flow = edit.addBehind(this.flow, node, place ? null : before);
		if (flow === this.flow) return;
		this.draw(flow);
		this.chosen = setOf([node.id]);
	}

	/** Changes a block. Answers whether it may be so. */
	patch(node: Node, changes: object): boolean {
		const read = Node.safeParse({ ...node, ...changes });
		if (!read.success) return false;
		this.draw(edit.changeNode(this.flow, read.data), `${node.id} ${Object.keys(changes).join()}`);
		return true;
	}

	lead({ from, branch }: Way, to: string | null): void {
		this.draw(to === null ? edit.disconnect(this.flow, from, branch) : edit.connect(this.flow, from, branch, to));
	}

	move(places: ReadonlyMap<string, Place>): void {
		this.draw(edit.placeNodes(this.flow, places));
	}

	nudge(x: number, y: number): void {
		this.draw(edit.moveNodes(this.flow, this.chosen, x, y), `nudge ${[...this.chosen].join()}`);
	}

	remove = (): void => {
		const flow = this.ways.reduce((left, { from, branch }) => edit.disconnect(left, from, branch), this.flow);
		this.draw(edit.removeNodes(flow, this.chosen));
		this.ways = [];
		this.chosen = setOf();
	};

	copy(): string | null {
		return copyOf(this.flow, this.chosen);
	}

	/** Answers whether the text held blocks. */
	paste(text: string): boolean {
		const pasted = paste(this.flow, text);
		if (!pasted.flow) return false;
		this.draw(pasted.flow);
		this.chosen = pasted.ids;
		return true;
	}

	duplicate = (): void => {
		const copied = duplicate(this.flow, this.chosen);
		if (!copied?.flow) return;
		this.draw(copied.flow);
		this.chosen = copied.ids;
	};

	layOut = async (): Promise<void> => {
		const { laidOut } = await import('./editing/layout.ts');
		this.draw(await laidOut(this.flow));
		setTimeout(() => this.view?.fit(), 50);
	};

	get changed(): boolean {
		return this.flow !== this.#kept || this.name.trim() !== this.#keptName;
	}

	#changed(): void {
		if (this.saving === 'conflict' || !this.may) return;
		this.saving = this.saving === 'saving' ? 'saving' : 'waiting';
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.save(), REST_MS);
	}

	/** Saves what is drawn, now. Resolves once all of it is kept, or can't be. */
	save = async (): Promise<void> => {
		clearTimeout(this.#timer);
		while (this.changed && this.saving !== 'conflict') {
			this.#running ??= this.#save().finally(() => (this.#running = null));
			await this.#running;
			if ((this.saving as Saving) === 'failed') {
				// What was refused stays refused until it is changed; what did not get through is tried again.
				if (['offline', 'unknown'].includes(codeOf(this.problem)))
					this.#timer = setTimeout(() => void this.save(), RETRY_MS);
				return;
			}
		}
	};

	async #save(): Promise<void> {
		const { flow } = this;
		const name = this.name.trim() || this.#keptName;
		this.saving = 'saving';
		try {
			const row = await saveFlow(this.#client(), this.tenantId, { id: this.id, name, flow, revision: this.revision });
			this.#kept = flow;
			this.#keptName = row.name;
			this.revision = row.revision;
			this.problem = null;
			if (!this.name.trim()) this.name = row.name;
			this.saving = this.changed ? 'waiting' : 'saved';
		} catch (thrown) {
			this.problem = thrown;
			this.saving = codeOf(thrown) === 'flow_changed' ? 'conflict' : 'failed';
		}
	}

	/** Shows what somebody else has saved, where nothing was drawn here meanwhile: else saving tells. */
	async follow(): Promise<void> {
		if (this.changed || this.saving !== 'saved' || this.#following) return;
		this.#following = true;
		try {
			const opened = await openFlow(this.#client(), this.tenantId, this.id);
			if (!opened?.flow || this.changed || opened.row.revision <= this.revision) return;
			this.#show({ ...opened, flow: opened.flow });
		} catch {
			// It is shown with the next that is saved, and nothing is overwritten without.
		} finally {
			this.#following = false;
		}
	}

	/** Takes what somebody else has saved. What was drawn here meanwhile is one undo away. */
	async takeTheirs(): Promise<void> {
		const opened = await openFlow(this.#client(), this.tenantId, this.id);
		if (!opened?.flow) return;
		this.#show({ ...opened, flow: opened.flow });
		this.saving = 'saved';
		this.problem = null;
	}

	#show({ row, flow, around }: Opened & { flow: Flow }): void {
		this.#history = change(this.#history, flow);
		this.#kept = flow;
		this.#keptName = row.name;
		this.around = around;
		this.#take(row);
		this.#keepChosen();
	}

	#keepChosen(): void {
		const there = setOf(this.flow.nodes.map(({ id }) => id));
		this.chosen = setOf([...this.chosen].filter((id) => there.has(id)));
	}

	/** Keeps what is drawn here as a flow of its own. Gives its id. */
	async saveCopy(name: string): Promise<string> {
		const { id } = await saveFlow(this.#client(), this.tenantId, { id: null, name, flow: this.flow, revision: 0 });
		return id;
	}

	/** Publishes what is drawn. Throws what the database refuses. */
	async publish(note: string): Promise<void> {
		await this.save();
		if (this.saving !== 'saved') throw this.problem ?? new Error('flow_changed');
		const { data } = await this.#client()
			.rpc('publish_flow', { flow_id: this.id, revision: this.revision, note })
			.throwOnError();
		this.published = data.id;
	}

	async rollBack(versionId: string | null): Promise<void> {
		await this.#client().rpc('roll_back_flow', { flow_id: this.id, version_id: versionId }).throwOnError();
		this.published = versionId;
	}

	#take({ name, revision, published_version_id }: FlowRow): void {
		this.name = name;
		this.revision = revision;
		this.published = published_version_id;
	}

	end(): void {
		clearTimeout(this.#timer);
		if (this.changed) void this.save();
	}
}
