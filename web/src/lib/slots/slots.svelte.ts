import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { BrowserClient } from '../auth/browser_client.ts';
import type { Message, Row } from '../database.ts';
import { failed } from '../ui/toast.ts';
import { getLocale } from '../paraglide/runtime.js';
import { compareInstants } from '../time/instant.ts';

export type Translation = Row<'message_translations'>;
export type Summary = Row<'conversation_summaries'>;

/** The most messages one request asks about. */
const batchSize = 100;

/** `pt` of `pt-BR`: what is written for one reads well for the other. */
const base = (language: string): string => language.split('-')[0] ?? language;

/**
 * What workers write beside conversations: translations of messages and summaries. Shown where there is any, in the
 * person's language; asked for in batches when something comes onto the screen, and told by Realtime from then on.
 */
export class Slots {
	#client: () => BrowserClient;
	#tenantId: string;
	#translations = new SvelteMap<string, Translation>();
	#summaries = new SvelteMap<string, Summary>();
	#asked = new SvelteSet<string>();
	#waiting: string[] = [];
	/** Messages that are being translated, with as much of it as is there. */
	readonly translating = new SvelteMap<string, string>();

	constructor(client: () => BrowserClient, tenantId: string) {
		this.#client = client;
		this.#tenantId = tenantId;
	}

	/** The translation of a message into the person's language; null for none, or one of words that were changed since. */
	translationOf({ id, edited_at, revoked_at }: Pick<Message, 'id' | 'edited_at' | 'revoked_at'>): Translation | null {
		const known = this.#translations.get(id);
		if (!known || revoked_at !== null) return null;
		return edited_at !== null && compareInstants(edited_at, known.updated_at) > 0 ? null : known;
	}

	summaryOf(conversationId: string): Summary | null {
		return this.#summaries.get(conversationId) ?? null;
	}

	/** A message has come onto the screen. Many at once are asked about together, each once. */
	want(messageId: string) {
		if (this.#asked.has(messageId)) return;
		this.#asked.add(messageId);
		this.#waiting.push(messageId);
		if (this.#waiting.length === 1) setTimeout(() => void this.#ask());
	}

	/** Has a message translated into the person's language, for everybody who reads it. */
	async translate({ id, created_at }: Pick<Message, 'id' | 'created_at'>, conversation_id: string): Promise<void> {
		if (this.translating.has(id)) return;
		this.translating.set(id, '');
		const language = getLocale();
		try {
			const { askAssist } = await import('../assist/ask.ts');
			const ask = { task: 'translate_message' as const, conversation_id, message_id: id, to: language };
			const { text } = await askAssist(
				this.#client(),
				ask,
				(piece) => this.translating.set(id, (this.translating.get(id) ?? '') + piece),
				new AbortController().signal
			);
			// Realtime tells everybody, with a newer row; whoever asked need not wait for it.
			const row = { tenant_id: this.#tenantId, message_id: id, message_created_at: created_at, language, text };
			this.translated({ ...row, source_language: null, made_by: '', created_at, updated_at: created_at });
		} catch (problem) {
			failed(problem);
		} finally {
			this.translating.delete(id);
		}
	}

	/** After a join: what was told meanwhile is asked for again. */
	async renew(conversationId: string): Promise<void> {
		const again = [...this.#asked];
		this.#asked.clear();
		for (const id of again.slice(-batchSize)) this.want(id);
		try {
			const { data } = await this.#client()
				.from('conversation_summaries')
				.select()
				.eq('tenant_id', this.#tenantId)
				.eq('conversation_id', conversationId)
				.throwOnError();
			for (const row of data) this.summarised(row);
		} catch {
			// The next join asks again.
		}
	}

	translated(row: Translation) {
		const known = this.#translations.get(row.message_id);
		if (this.#isMine(row) && (!known || compareInstants(row.updated_at, known.updated_at) >= 0))
			this.#translations.set(row.message_id, row);
	}

	summarised(row: Summary) {
		const known = this.#summaries.get(row.conversation_id);
		if (this.#isMine(row) && (!known || compareInstants(row.updated_at, known.updated_at) >= 0))
			this.#summaries.set(row.conversation_id, row);
	}

	#isMine = ({ language }: { language: string }) => base(language) === base(getLocale());

	async #ask() {
		const ids = this.#waiting;
		this.#waiting = [];
		for (let start = 0; start < ids.length; start += batchSize) {
			const part = ids.slice(start, start + batchSize);
			try {
				const { data } = await this.#client()
					.from('message_translations')
					.select()
					.eq('tenant_id', this.#tenantId)
					.in('message_id', part)
					.throwOnError();
				for (const row of data) this.translated(row);
			} catch {
				// Not reached: the next join asks again.
			}
		}
	}
}
