import type { TemplateComponent } from '@prosa/core/whatsapp/templates/component.ts';
import type { Events } from './events.ts';
import type { Journal } from './journal.ts';

/** A template as this WhatsApp holds it. */
export interface Template {
	id: string;
	waba_id: string;
	name: string;
	language: string;
	category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
	previous_category: string | null;
	/** What the category will be, once announced. */
	correct_category: string | null;
	status: string;
	rejected_reason: string;
	quality: 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';
	parameter_format: 'POSITIONAL' | 'NAMED';
	components: TemplateComponent[];
	/** How often bad quality has paused it: three hours, six hours, then it is disabled. */
	pauses: number;
	/** Milliseconds; 0 for what was there from the beginning. */
	created_at: number;
}

/** What is kept of an account's templates, over restarts. */
export class Templates {
	readonly #journal: Journal;
	readonly #events: Events;
	readonly #seeds: () => Template[];
	#all = new Map<string, Template>();
	#nextId = 1;

	constructor(journal: Journal, events: Events, seeds: () => Template[]) {
		this.#journal = journal;
		this.#events = events;
		this.#seeds = seeds;
		this.#load();
	}

	/** An account's templates, newest first, as Graph lists them. */
	of(wabaId: string): Template[] {
		return [...this.#all.values()]
			.filter((template) => template.waba_id === wabaId)
			.sort((one, other) => other.created_at - one.created_at || one.name.localeCompare(other.name));
	}

	get(id: string): Template | null {
		return this.#all.get(id) ?? null;
	}

	named(wabaId: string, name: string, language?: string): Template[] {
		return this.of(wabaId).filter(
			(template) => template.name === name && (language === undefined || template.language === language)
		);
	}

	/** A new id, as long as Meta's. */
	newId(now: number): string {
		return `${now}${String(this.#nextId++ % 1_000).padStart(3, '0')}`;
	}

	save(template: Template): Template {
		this.#all.set(template.id, template);
		this.#journal.put('template', template.id, template);
		this.#events.publish('templates', {});
		return template;
	}

	remove(id: string): void {
		if (!this.#all.delete(id)) return;
		this.#journal.forget('template', id);
		// One from the beginning comes back at the next start unless it is known to be gone.
		this.#journal.put('template_gone', id, id);
		this.#events.publish('templates', {});
	}

	reset(): void {
		this.#load();
	}

	#load(): void {
		const gone = new Set(this.#journal.all<string>('template_gone'));
		this.#all = new Map();
		for (const seed of this.#seeds()) if (!gone.has(seed.id)) this.#all.set(seed.id, seed);
		for (const template of this.#journal.all<Template>('template')) this.#all.set(template.id, template);
	}
}
