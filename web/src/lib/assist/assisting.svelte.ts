import type { Assisted, AskInput, NextAction, Rewrite } from '@prosa/core/ai/assist/ask.ts';
import type { BrowserClient } from '#lib/auth/browser_client.ts';
import type { Composition } from '../composer/composition.svelte.ts';
import { codeOf } from '../errors/code.ts';
import { askAssist } from './ask.ts';

/** What one can have done where one writes. */
export type Help = 'suggest' | Rewrite | 'translate' | 'summarise' | 'next';

/** What stands over the field: how something ended. */
type Outcome =
	| { type: 'written'; help: Help; sources: string[]; cut: boolean }
	| { type: 'told'; help: Help; text: string; action: NextAction | null }
	| { type: 'failed'; help: Help; code: string };

type Asker = typeof askAssist;

/**
 * A model's help in one composer: what it writes comes into the field as it is said. What stood there before comes back
 * when it is stopped or fails, and by undoing; a draft is kept only when all of it is there.
 */
export class Assisting {
	#client: () => BrowserClient;
	#conversationId: string;
	#composition: Composition;
	#language: () => string;
	#ask: Asker;
	#stop: AbortController | null = null;
	#before: { text: string; after: string } | null = null;

	/** What is being done now. */
	help = $state<Help | null>(null);
	/** What is being told, of what does not go into the field. */
	telling = $state('');
	outcome = $state.raw<Outcome | null>(null);

	constructor(
		given: { client: () => BrowserClient; conversationId: string; composition: Composition; language: () => string },
		ask: Asker = askAssist
	) {
		this.#client = given.client;
		this.#conversationId = given.conversationId;
		this.#composition = given.composition;
		this.#language = given.language;
		this.#ask = ask;
	}

	/** Whether it writes into the field now. */
	readonly writing = $derived(this.help !== null && this.help !== 'summarise' && this.help !== 'next');

	/** Whether there is something of one's own to rewrite or translate. */
	can(help: Help): boolean {
		if (this.help !== null) return false;
		return ['suggest', 'summarise', 'next'].includes(help) || this.#composition.text.trim() !== '';
	}

	/** Has something done; a part of the text that is selected stands for all of it. */
	async start(help: Help): Promise<void> {
		const composition = this.#composition;
		if (!this.can(help)) return composition.focus();
		composition.turn('reply');
		const { text, from, to } = composition.selection();
		const part = help !== 'suggest' && text.slice(from, to).trim() !== '';
		const [start, end] = part ? [from, to] : [0, text.length];
		const put = (words: string) => text.slice(0, start) + words + text.slice(end);
		const stop = (this.#stop = new AbortController());
		this.help = help;
		this.telling = '';
		this.outcome = null;
		const writes = this.writing;
		composition.focus();
		let said = '';
		try {
			const ask = this.#askOf(help, text.slice(start, end));
			const done = await this.#ask(
				this.#client(),
				ask,
				(piece) => {
					if (stop.signal.aborted) return;
					said += piece;
					if (writes) composition.text = put(said);
					else this.telling = said;
				},
				stop.signal
			);
			if (stop.signal.aborted) return;
			this.#end(help, done, writes ? { text, after: put(done.text) } : null);
		} catch (problem) {
			if (stop.signal.aborted) return;
			if (writes) composition.write({ text, from, to });
			this.help = null;
			this.outcome = { type: 'failed', help, code: codeOf(problem) };
		} finally {
			if (stop.signal.aborted && writes) composition.write({ text, from, to });
		}
	}

	/** Stops what is being done, or takes away what it came to. Answers whether there was something. */
	dismiss(): boolean {
		if (this.#stop && this.help !== null) {
			this.#stop.abort();
			this.help = null;
			return true;
		}
		const had = this.outcome !== null;
		this.outcome = null;
		return had;
	}

	/** Puts back what stood in the field before, while nobody has written on. Answers whether it did. */
	undo(): boolean {
		const before = this.#before;
		if (!before || this.help !== null || this.#composition.text !== before.after) return false;
		const { length } = before.text;
		this.#composition.write({ text: before.text, from: length, to: length });
		this.#before = null;
		this.outcome = null;
		return true;
	}

	/** Somebody wrote, or sent: what was said about the text before it is over. */
	changed() {
		if (this.outcome?.type === 'written' && this.#composition.text !== this.#before?.after) this.outcome = null;
		if (this.outcome?.type === 'failed') this.outcome = null;
	}

	#end(help: Help, { text, sources, action, cut }: Assisted, written: { text: string; after: string } | null) {
		this.help = null;
		if (!written) {
			this.outcome = { type: 'told', help, text, action };
			return;
		}
		const { after } = written;
		this.#before = written;
		this.#composition.write({ text: after, from: after.length, to: after.length });
		this.outcome = { type: 'written', help, sources, cut };
	}

	#askOf(help: Help, text: string): AskInput {
		const conversation_id = this.#conversationId;
		const to = this.#language();
		switch (help) {
			case 'suggest':
				return { task: 'suggest', conversation_id, draft: text };
			case 'translate':
				return { task: 'translate', conversation_id, text, to: null };
			case 'summarise':
			case 'next':
				return { task: help, conversation_id, to };
			default:
				return { task: 'rewrite', conversation_id, how: help, text };
		}
	}
}
