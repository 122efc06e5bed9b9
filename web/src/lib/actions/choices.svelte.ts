import type { Action } from '@prosa/core/actions/actions.ts';
import type { Client } from '#lib/auth/client.ts';

export interface Named {
	id: string;
	name: string;
}

export interface Macro extends Named {
	owner_id: string | null;
	shortcut: string | null;
	actions: Action[];
}

export interface Attribute {
	id: string;
	subject: string;
	key: string;
	label: string;
	type: string;
	options: string[];
	/** A conversation is closed only once it has a value. */
	required_on_close: boolean;
}

/** What actions can be about in a workspace: its tags, teams, macros, attributes. Read when first needed. */
export class Choices {
	tags = $state.raw<Named[]>([]);
	teams = $state.raw<Named[]>([]);
	macros = $state.raw<Macro[]>([]);
	attributes = $state.raw<Attribute[]>([]);
	canned = $state.raw<Named[]>([]);
	ready = $state(false);
	#client: () => Client;
	#tenantId: string;
	#reading: Promise<void> | null = null;

	constructor(client: () => Client, tenantId: string) {
		this.#client = client;
		this.#tenantId = tenantId;
	}

	/** Reads everything once; `again` after something was changed. */
	read(again = false): Promise<void> {
		if (again || this.#reading === null) {
			this.#reading = this.#read().catch(() => {
				this.#reading = null;
			});
		}
		return this.#reading;
	}

	async #read(): Promise<void> {
		const client = this.#client();
		const of = this.#tenantId;
		const [tags, teams, macros, attributes, canned] = await Promise.all([
			client.from('tags').select('id, name').eq('tenant_id', of).order('position').throwOnError(),
			client.from('teams').select('id, name').eq('tenant_id', of).order('name').throwOnError(),
			client
				.from('macros')
				.select('id, name, owner_id, shortcut, actions')
				.eq('tenant_id', of)
				.order('position')
				.throwOnError(),
			client
				.from('attribute_definitions')
				.select('id, subject, key, label, type, options, required_on_close')
				.eq('tenant_id', of)
				.order('position')
				.throwOnError(),
			client
				.from('canned_responses')
				.select('id, title')
				.eq('tenant_id', of)
				.is('archived_at', null)
				.order('title')
				.throwOnError()
		]);
		this.tags = tags.data;
		this.teams = teams.data;
		this.macros = macros.data;
		this.attributes = attributes.data;
		this.canned = canned.data.map(({ id, title }) => ({ id, name: title }));
		this.ready = true;
	}
}
