import type { Facts } from './events.ts';
import type { Names } from './expression.ts';
import type { Compiled } from './program.ts';
import type { RunState } from './state.ts';
import { asType, bounded, referenceOf, type Value } from './variables.ts';

const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? '';

/** What a step reads and writes: the run's variables and what is known around it, with what it has written meanwhile. */
export class Memory {
	readonly #state: RunState;
	readonly #facts: Facts;
	readonly #at: number;
	#contact: Record<string, Value> | null = null;
	#conversation: Record<string, Value> | null = null;
	#today: string | null = null;

	constructor(state: RunState, facts: Facts, at: number) {
		this.#state = state;
		this.#facts = facts;
		this.#at = at;
	}

	readonly get = (reference: string): Value | undefined => {
		const found = referenceOf(reference);
		if (!found) return undefined;
		switch (found.scope) {
			case 'run':
				return own(this.#state.variables, found.key);
			case 'contact':
				return own(this.contact, found.key);
			case 'conversation':
				return own(this.conversation, found.key);
			case 'tenant':
				return found.key === 'name' ? this.#facts.tenant.name : own(this.#facts.tenant.variables, found.key);
			case 'message':
				return own(this.#state.message, found.key);
			case 'today':
				return this.today;
			case 'now':
				return new Date(this.#at).toISOString();
		}
	};

	/** Writes a variable. Gives what now stands there. */
	set(reference: string, value: Value, { types }: Compiled): Value {
		const found = referenceOf(reference);
		if (!found) return null;
		const kept = bounded(value);
		if (found.scope === 'run') {
			const type = types.get(found.key);
			return (this.#state.variables[found.key] = type ? asType(kept, type) : kept);
		}
		if (found.scope === 'contact') this.#contact = { ...this.contact, [found.key]: kept };
		if (found.scope === 'conversation') this.#conversation = { ...this.conversation, [found.key]: kept };
		return kept;
	}

	get contact(): Record<string, Value> {
		const { attributes, ...facts } = this.#facts.contact;
		return (this.#contact ??= { ...attributes, ...facts, first_name: firstName(facts.name) });
	}

	get conversation(): Record<string, Value> {
		const { attributes, ...facts } = this.#facts.conversation;
		return (this.#conversation ??= { ...attributes, ...facts });
	}

	/** The tenant's day, YYYY-MM-DD. */
	get today(): string {
		return (this.#today ??= dayIn(this.#facts.tenant.timezone, this.#at));
	}

	/** All of it, for an expression. What is declared and not known is null, and no error. */
	names({ variables }: Compiled): Names {
		const declared: Record<string, Value> = {};
		for (const { name } of variables) declared[name] = null;
		return {
			...declared,
			...this.#state.variables,
			contact: this.contact,
			conversation: this.conversation,
			tenant: { ...this.#facts.tenant.variables, name: this.#facts.tenant.name },
			message: this.#state.message,
			now: new Date(this.#at),
			today: this.today
		};
	}
}

const own = (of: Record<string, Value>, key: string): Value | undefined =>
	Object.hasOwn(of, key) ? of[key] : undefined;

/** The day begins with a quarter of an hour in every zone there is: within one it is the same, and formatting is dear. */
const QUARTER_MS = 900_000;
const days = new Map<string, { quarter: number; day: string }>();

function dayIn(timeZone: string, at: number): string {
	const quarter = Math.floor(at / QUARTER_MS);
	const known = days.get(timeZone);
	if (known?.quarter === quarter) return known.day;
	const day = format(timeZone, at) ?? format('UTC', at) ?? '';
	days.set(timeZone, { quarter, day });
	return day;
}

function format(timeZone: string, at: number): string | null {
	try {
		return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
	} catch {
		return null;
	}
}
