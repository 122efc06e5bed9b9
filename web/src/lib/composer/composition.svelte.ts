import { gapsIn } from '@prosa/core/canned/template.ts';
import { tick } from 'svelte';
import type { Drafts } from '../inbox/drafts.svelte.ts';
import type { Mode } from './mode.ts';
import { insert, type Selection } from './write.ts';

/** What is being written in a conversation: its text, where the cursor stands, and to whom. Every change is kept. */
export class Composition {
	#drafts: Drafts;
	#conversationId: string;

	mode = $state<Mode>('reply');
	text = $state('');
	cursor = $state(0);
	/** The texts of canned responses that were put into it. */
	used = $state.raw<string[]>([]);
	/** The field on the screen; none while one records, or can't write. */
	field = $state<HTMLTextAreaElement>();

	constructor(drafts: Drafts, conversationId: string) {
		this.#drafts = drafts;
		this.#conversationId = conversationId;
	}

	/** Takes up what was left; a note, when only a note was. */
	load() {
		const noted = this.#read('note') !== '' && this.#read('reply') === '';
		this.mode = noted ? 'note' : 'reply';
		this.text = this.#read(this.mode);
	}

	/** Goes on with the other draft; this one waits where it is. */
	turn(mode: Mode) {
		if (this.mode === mode) return;
		this.mode = mode;
		this.text = this.#read(mode);
		this.cursor = this.text.length;
	}

	keep() {
		this.#drafts.keep(this.#conversationId, this.mode, this.text);
	}

	clear() {
		this.text = '';
		this.cursor = 0;
		this.used = [];
		this.keep();
	}

	/** What of it is still to be filled in. */
	readonly gaps = $derived(this.text.includes('{{') ? gapsIn(this.text) : []);

	/** Selects the next gap behind the cursor, or before it; the first after the last. False where there is none. */
	toGap(step: 1 | -1 = 1): boolean {
		const { gaps, text } = this;
		const { from, to } = this.selection();
		const next = step === 1 ? gaps.find((gap) => gap.from >= to) : gaps.findLast((gap) => gap.to <= from);
		const gap = next ?? gaps.at(step === 1 ? 0 : -1);
		if (gap) this.write({ text, from: gap.from, to: gap.to });
		return gap !== undefined;
	}

	look() {
		this.cursor = this.field?.selectionEnd ?? 0;
	}

	focus() {
		void tick().then(() => this.field?.focus());
	}

	selection(): Selection {
		const { text, field } = this;
		return { text, from: field?.selectionStart ?? text.length, to: field?.selectionEnd ?? text.length };
	}

	/** Takes a text and shows what of it is selected. */
	write({ text, from, to }: Selection) {
		this.text = text;
		this.cursor = to;
		this.keep();
		void tick().then(() => {
			this.field?.focus();
			this.field?.setSelectionRange(from, to);
			this.cursor = to;
		});
	}

	/** Puts words where the cursor is. */
	put(words: string) {
		this.write(insert(this.selection(), words));
	}

	#read(mode: Mode): string {
		return this.#drafts.read(this.#conversationId, mode);
	}
}
