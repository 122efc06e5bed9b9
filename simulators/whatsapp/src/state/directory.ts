import { demoCustomers, spellings, stranger, userIdFor, type Customer } from './customer.ts';
import type { Business } from './business.ts';
import type { Events } from './events.ts';
import type { Journal } from './journal.ts';

/** How somebody was addressed: by phone number or by business-scoped user id. */
export type Address = { customer: Customer; by: 'phone' | 'user_id' };

/** Strangers met by sending to them are kept up to here, then the oldest are forgotten. */
const MOST_CUSTOMERS = 10_000;

const isUserId = (text: string): boolean =>
	/^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$/.test(text) || text.startsWith('user.');

/** Who is who: the people, found by any way their address is written. */
export class Directory {
	readonly #journal: Journal;
	readonly #events: Events;
	readonly #customers = new Map<string, Customer>();

	constructor(journal: Journal, events: Events) {
		this.#journal = journal;
		this.#events = events;
		this.#load();
	}

	list(): Customer[] {
		return [...this.#customers.values()];
	}

	/** A person by id, number in any spelling, username, or business-scoped id of any business. */
	find(address: string, businesses: readonly Business[]): Customer | null {
		const key = address.trim().replace(/^\+/, '');
		const direct = this.#customers.get(key) ?? this.#customers.get(key.replace(/^@/, ''));
		if (direct) return direct;
		const numbers = new Set(spellings(key.replace(/[\s()-]/g, '')));
		const username = `@${key.replace(/^@/, '')}`;
		const accounts = isUserId(key) ? businesses : [];
		// Looked through for everybody new: nothing is worked out anew for each person.
		for (const customer of this.#customers.values()) {
			if (customer.wa_id !== null && numbers.has(customer.wa_id)) return customer;
			if (customer.username === username) return customer;
			if (accounts.some((business) => userIdFor(customer, business.waba_id) === key)) return customer;
		}
		return null;
	}

	/** The person a business writes to; a number or id never seen becomes a stranger. */
	addressed(address: string, business: Business): Address {
		const by = isUserId(address) ? 'user_id' : 'phone';
		const found = this.find(address, [business]);
		if (found) return { customer: found, by };
		return { customer: this.meet(address, business), by };
	}

	/** Makes somebody's acquaintance: digits become a number, `XX.…` an id without number, the rest a username. */
	meet(address: string, business: Business, more: Partial<Customer> = {}): Customer {
		if (isUserId(address)) {
			return this.save(stranger(address, { wa_id: null, user_ids: { [business.waba_id]: address }, ...more }));
		}
		const digits = address.replace(/[^\d]/g, '');
		if (/^\+?[\d\s()-]{8,}$/.test(address)) return this.save(stranger(digits, { wa_id: digits, ...more }));
		const name = address.replace(/^@/, '');
		return this.save(stranger(name, { wa_id: null, username: `@${name}`, ...more }));
	}

	save(customer: Customer): Customer {
		this.#customers.set(customer.id, customer);
		this.#journal.put('customer', customer.id, customer);
		this.#events.publish('customer', customer);
		if (this.#customers.size > MOST_CUSTOMERS) this.#forgetOldest();
		return customer;
	}

	/** Back to the demo people alone. */
	reset(): void {
		this.#customers.clear();
		this.#load();
	}

	#load(): void {
		for (const customer of demoCustomers()) this.#customers.set(customer.id, customer);
		for (const customer of this.#journal.all<Customer>('customer')) this.#customers.set(customer.id, customer);
	}

	#forgetOldest(): void {
		const demo = new Set(demoCustomers().map((customer) => customer.id));
		for (const id of this.#customers.keys()) {
			if (demo.has(id)) continue;
			this.#customers.delete(id);
			this.#journal.forget('customer', id);
			return;
		}
	}
}
