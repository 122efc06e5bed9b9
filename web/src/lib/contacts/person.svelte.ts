import type { Client } from '#lib/auth/client.ts';
import { getContext, setContext } from 'svelte';
import type { Contact } from '../database.ts';
import type { Conversations } from '../inbox/conversations.svelte.ts';
import { compareInstants } from '../time/instant.ts';
import type { Value } from '../ui/in_place.ts';
import { consentsOf, recordConsent, type Consents, type Said } from './consents.ts';
import { eraseFact, factsOf, saveFact, type ContactFact } from './facts.ts';
import { contactDetails, mergesOf, type ContactDetails, type Merge } from './queries.ts';

/** The person of the open conversation, as the details show and change them. */
export class Person {
	readonly tenantId: string;
	readonly id: string;
	#client: () => Client;
	#list: Conversations;
	contact = $state.raw<ContactDetails | null>(null);
	merges = $state.raw<Merge[]>([]);
	consents = $state.raw<Consents>({ now: [], words: [] });
	/** What is known of them beside, the newest first. */
	facts = $state.raw<ContactFact[]>([]);
	/** Nothing was read yet. */
	pristine = $state(true);
	problem = $state.raw<unknown>(null);
	/** Raised with each reading: what hangs on the person is asked for again. */
	version = $state(0);

	constructor(client: () => Client, list: Conversations, tenantId: string, id: string) {
		this.#client = client;
		this.#list = list;
		this.tenantId = tenantId;
		this.id = id;
	}

	/** Reads everything anew. What is shown stays where that fails. */
	async read(): Promise<void> {
		const client = this.#client();
		try {
			const [contact, merges, consents, facts] = await Promise.all([
				contactDetails(client, this.tenantId, this.id),
				mergesOf(client, this.tenantId, this.id),
				consentsOf(client, this.tenantId, this.id),
				factsOf(client, this.tenantId, this.id)
			]);
			this.contact = contact;
			this.merges = merges;
			this.consents = consents;
			this.facts = facts;
			this.problem = null;
			this.version++;
		} catch (problem) {
			this.problem = problem;
		}
		this.pristine = false;
	}

	/** The list was told of a newer version of the person than the one shown. */
	async told(updatedAt: string): Promise<void> {
		if (this.contact && compareInstants(updatedAt, this.contact.updated_at) > 0) await this.read();
	}

	/** Changes name, e-mail or language. Throws what the database refuses. */
	async edit(changes: Partial<Record<'name' | 'email' | 'language', string>>): Promise<void> {
		const { data } = await this.#client().rpc('edit_contact', { contact_id: this.id, changes }).throwOnError();
		this.#took(data);
	}

	/** Gives an attribute its value; null takes it away. Throws what the database refuses. */
	async attribute(key: string, value: Value): Promise<void> {
		const args = { contact_id: this.id, key, value };
		const { data } = await this.#client().rpc('set_contact_attribute', args).throwOnError();
		this.#took(data);
	}

	/** Hangs tags on them and takes others off. Shown at once, and put back where the database refuses. */
	async tag(add: string[], remove: string[]): Promise<void> {
		const before = this.contact;
		if (before) {
			const tag_ids = [...before.tag_ids.filter((id) => !remove.includes(id) && !add.includes(id)), ...add];
			this.contact = { ...before, tag_ids };
		}
		try {
			const { data } = await this.#client().rpc('tag_contact', { contact_id: this.id, add, remove }).throwOnError();
			this.#took(data);
		} catch (problem) {
			this.contact = before;
			throw problem;
		}
	}

	/** Writes down what they allow. Throws what the database refuses. */
	async consent(said: Said): Promise<void> {
		await recordConsent(this.#client(), this.id, said);
		await this.read();
	}

	/** Writes down what is known of them, or corrects it. Throws what the database refuses. */
	async saveFact(factId: string | null, text: string): Promise<void> {
		await saveFact(this.#client(), this.id, factId, text);
		await this.#readFacts();
	}

	/** Has something forgotten, or brings it back. Throws what the database refuses. */
	async eraseFact(factId: string, erased: boolean): Promise<void> {
		await eraseFact(this.#client(), factId, erased);
		await this.#readFacts();
	}

	async #readFacts() {
		this.facts = await factsOf(this.#client(), this.tenantId, this.id);
	}

	#took(row: Contact) {
		if (this.contact) this.contact = { ...this.contact, ...row };
		this.#list.patchContact(row);
	}
}

const key = Symbol('person');
export const setPerson = (person: () => Person) => setContext(key, person);
export const getPerson = () => getContext<() => Person>(key);
