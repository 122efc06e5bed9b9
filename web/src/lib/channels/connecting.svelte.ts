import { codeOf } from '#lib/errors/code.ts';
import { tell } from '#lib/errors/sentence.ts';
import type { BrowserClient } from '#lib/auth/browser_client.ts';
import { connectNumber, inspectToken, numbersOf, type PhoneNumber, type TokenFacts } from './function.ts';

export const STEPS = ['token', 'account', 'number', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** The guided form of connecting a number: each step is proven with Meta before the next one opens. */
export class Connecting {
	step = $state<Step>('token');
	token = $state('');
	wabaId = $state('');
	phoneNumberId = $state<string | null>(null);
	name = $state('');
	pin = $state('');
	ownApp = $state(false);
	appSecret = $state('');

	facts = $state<TokenFacts | null>(null);
	numbers = $state<PhoneNumber[]>([]);
	busy = $state(false);
	/** What went wrong with this step, in a sentence that says what to do. */
	problem = $state<string | null>(null);
	/** The number has to be registered first, which takes its PIN. */
	asksPin = $state(false);
	connected = $state<{ id: string; verifyToken: string | null } | null>(null);

	readonly number = $derived(this.numbers.find(({ id }) => id === this.phoneNumberId) ?? null);
	readonly #client: () => BrowserClient;
	readonly #tenantId: string;

	constructor(client: () => BrowserClient, tenantId: string) {
		this.#client = client;
		this.#tenantId = tenantId;
	}

	async checkToken() {
		await this.#try(async () => {
			this.facts = await inspectToken(this.#client(), this.#tenantId, this.token.trim());
			this.wabaId ||= this.facts.waba_ids[0] ?? '';
			this.step = 'account';
		});
	}

	async listNumbers() {
		await this.#try(async () => {
			this.numbers = await numbersOf(this.#client(), this.#tenantId, this.token.trim(), this.wabaId.trim());
			const free = this.numbers.filter(({ place }) => place === null);
			this.pick(free.length === 1 ? (free[0]?.id ?? null) : null);
			this.step = 'number';
		});
	}

	pick(id: string | null) {
		const before = this.number?.verified_name ?? '';
		this.phoneNumberId = id;
		this.asksPin = this.number !== null && this.number.status !== null && this.number.status !== 'CONNECTED';
		if (this.name === '' || this.name === before) this.name = this.number?.verified_name ?? '';
	}

	async connect() {
		await this.#try(async () => {
			const done = await connectNumber(this.#client(), {
				tenant_id: this.#tenantId,
				token: this.token.trim(),
				waba_id: this.wabaId.trim(),
				phone_number_id: this.phoneNumberId ?? '',
				name: this.name.trim(),
				...(this.asksPin && this.pin ? { pin: this.pin.trim() } : {}),
				...(this.ownApp ? { app_secret: this.appSecret.trim() } : {})
			});
			// Nothing secret stays in the browser once it is where it belongs.
			this.token = '';
			this.appSecret = '';
			this.pin = '';
			this.connected = { id: done.channel_id, verifyToken: done.verify_token };
			this.step = 'done';
		});
	}

	back() {
		this.problem = null;
		this.step = this.step === 'number' ? 'account' : 'token';
	}

	async #try(act: () => Promise<void>) {
		this.busy = true;
		this.problem = null;
		try {
			await act();
		} catch (problem) {
			if (codeOf(problem) === 'number_not_registered') this.asksPin = true;
			this.problem = tell(problem);
		} finally {
			this.busy = false;
		}
	}
}
