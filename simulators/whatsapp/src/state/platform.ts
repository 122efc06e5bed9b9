import { z } from 'zod';
import type { Journal } from './journal.ts';

export const tokenStateSchema = z.strictObject({
	/** False: revoked; every call with it is refused with 190. */
	valid: z.boolean(),
	/** Seconds since 1970; 0 never. A token that has expired is refused with 190, subcode 463. */
	expires_at: z.number().int().nonnegative(),
	scopes: z.array(z.string())
});
export type TokenState = z.infer<typeof tokenStateSchema>;

export const numberStateSchema = z.strictObject({
	quality_rating: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN', 'NA']),
	/** CONNECTED can send; anything else asks to be registered first. */
	status: z.string().min(1),
	name_status: z.string().min(1),
	throughput: z.enum(['STANDARD', 'HIGH', 'NOT_APPLICABLE']),
	messaging_limit: z.string().regex(/^TIER_/),
	/** Its two-step verification; registering asks for it. */
	pin: z.string().regex(/^\d{6}$/)
});
export type NumberState = z.infer<typeof numberStateSchema>;

/** What goes wrong when the account is managed, apart from sending: each switchable. */
export const managementSchema = z.strictObject({
	/** Every call but sending and media is refused with this code; null: answered. */
	refuse_code: z.number().int().nonnegative().nullable(),
	/** Asking for webhooks is refused. */
	refuse_subscription: z.boolean()
});
export type Management = z.infer<typeof managementSchema>;

const SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging'];
const freshManagement = (): Management => ({ refuse_code: null, refuse_subscription: false });

/** How Meta's side of accounts stands: tokens, numbers, and what of it fails on purpose. */
export class Platform {
	readonly #journal: Journal;
	readonly #tokens = new Map<string, TokenState>();
	readonly #numbers = new Map<string, NumberState>();
	management: Management = freshManagement();

	constructor(journal: Journal) {
		this.#journal = journal;
		for (const { token, state } of journal.all<{ token: string; state: TokenState }>('token')) {
			this.#tokens.set(token, state);
		}
		for (const { id, state } of journal.all<{ id: string; state: NumberState }>('number')) this.#numbers.set(id, state);
	}

	token(token: string): TokenState {
		return this.#tokens.get(token) ?? { valid: true, expires_at: 0, scopes: SCOPES };
	}

	setToken(token: string, change: Partial<TokenState>): TokenState {
		const state = { ...this.token(token), ...change };
		this.#tokens.set(token, state);
		this.#journal.put('token', token, { token, state });
		return state;
	}

	number(id: string): NumberState {
		return (
			this.#numbers.get(id) ?? {
				quality_rating: 'GREEN',
				status: 'CONNECTED',
				name_status: 'APPROVED',
				throughput: 'STANDARD',
				messaging_limit: 'TIER_1K',
				pin: '123456'
			}
		);
	}

	setNumber(id: string, change: Partial<NumberState>): NumberState {
		const state = { ...this.number(id), ...change };
		this.#numbers.set(id, state);
		this.#journal.put('number', id, { id, state });
		return state;
	}

	reset(): void {
		this.#tokens.clear();
		this.#numbers.clear();
		this.management = freshManagement();
	}
}
