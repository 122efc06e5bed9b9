import { ask, listen } from './api.js';

/**
 * What the page knows, and who wants to hear when it changes. A topic is one of `people`, `chat`, `typing`, `faults`,
 * `log`, `connection`, `words`.
 */
class State {
	/** @type {import('./api.js').Business[]} */
	businesses = [];
	/** @type {Map<string, import('./api.js').Customer>} */
	customers = new Map();
	/** Newest message of each chat. @type {Map<string, import('./api.js').Message>} */
	last = new Map();
	/** Messages of the open chat, by id, in order. @type {import('./api.js').Message[]} */
	messages = [];
	/** @type {string} */
	window = 'unknown';
	/** @type {string} */
	business = '';
	/** @type {string} */
	customer = '';
	/** @type {Record<string, any>} */
	faults = {};
	/** @type {import('./api.js').LogEntry[]} */
	log = [];
	typingUntil = 0;
	connected = true;
	/** @type {string | null} */
	listener = null;
	/** @type {Map<string, Set<() => void>>} */
	#watchers = new Map();

	/** @param {string[]} topics @param {() => void} watcher */
	watch(topics, watcher) {
		for (const topic of topics) {
			const watchers = this.#watchers.get(topic) ?? new Set();
			this.#watchers.set(topic, watchers.add(watcher));
		}
	}

	/** @param {...string} topics */
	changed(...topics) {
		const due = new Set(topics.flatMap((topic) => [...(this.#watchers.get(topic) ?? [])]));
		for (const watcher of due) watcher();
	}

	get chat() {
		return `${this.business}|${this.customer}`;
	}

	get currentBusiness() {
		return this.businesses.find((one) => one.phone_number_id === this.business);
	}

	get currentCustomer() {
		return this.customers.get(this.customer);
	}

	/** Reads everything anew: at the start, after a lost connection, after a reset. */
	async load() {
		const [businesses, customers, chats, faults, log] = await Promise.all([
			ask('/businesses'),
			ask('/customers'),
			ask('/chats'),
			ask('/faults'),
			ask('/log')
		]);
		this.businesses = businesses;
		this.customers = new Map(customers.map((/** @type {import('./api.js').Customer} */ one) => [one.id, one]));
		this.last = new Map(chats.map((/** @type {any} */ one) => [one.chat, one.last]));
		this.faults = faults;
		this.log = log.entries.slice(-60);
		this.changed('people', 'faults', 'log');
	}

	/**
	 * Opens a chat and tells the simulator that it is on screen.
	 * @param {string} business
	 * @param {string} customer
	 */
	async open(business, customer) {
		this.business = business;
		this.customer = customer;
		this.messages = [];
		this.typingUntil = 0;
		const query = new URLSearchParams(location.search);
		query.set('business', business);
		query.set('customer', customer);
		history.replaceState(null, '', `?${query}`);
		this.changed('people', 'chat', 'typing');
		await this.reloadChat();
		await this.look();
	}

	async reloadChat() {
		const chat = this.chat;
		if (!this.business || !this.customer) return;
		const found = await ask(`/chats/${this.business}/${encodeURIComponent(this.customer)}`);
		if (chat !== this.chat) return;
		this.messages = found.messages;
		this.window = found.window;
		this.changed('chat', 'people');
	}

	/** Which chat is being looked at; none while the page is hidden. */
	async look() {
		if (this.listener === null) return;
		const seen = document.visibilityState === 'visible' && this.business && this.customer;
		const place = seen
			? { phone_number_id: this.business, customer: this.customer }
			: { phone_number_id: null, customer: null };
		await ask('/look', { listener: this.listener, ...place }).catch(() => undefined);
	}

	/** Takes in a message as it is now. @param {import('./api.js').Message} message */
	apply(message) {
		const last = this.last.get(message.chat);
		const arrived = message.direction === 'in' || !['accepted', 'sent'].includes(message.status);
		if (arrived && message.kind !== 'reaction' && (!last || last.id === message.id || last.at <= message.at)) {
			this.last.set(message.chat, message);
		}
		if (message.chat === this.chat) {
			const at = this.messages.findIndex((one) => one.id === message.id);
			if (at >= 0) this.messages[at] = message;
			else {
				this.messages.push(message);
				if (message.direction === 'in') this.window = 'open';
			}
			this.changed('chat');
		}
		this.changed('people');
	}

	connect() {
		const source = listen({
			hello: async ({ id }) => {
				this.listener = id;
				this.connected = true;
				this.changed('connection');
				await this.load();
				await this.reloadChat();
				await this.look();
			},
			message: (message) => this.apply(message),
			customer: (customer) => {
				const known = this.customers.get(customer.id);
				this.customers.set(customer.id, { ...customer, user_ids: known?.user_ids ?? {} });
				this.changed('people');
			},
			typing: ({ chat, until }) => {
				if (chat !== this.chat) return;
				this.typingUntil = until;
				this.changed('typing');
			},
			templates: () => this.changed('templates'),
			faults: (faults) => {
				this.faults = faults;
				this.changed('faults');
			},
			log: (entry) => {
				this.log = [...this.log, entry].slice(-60);
				this.changed('log');
			},
			reset: async () => {
				await this.load();
				await this.reloadChat();
			},
			error: () => {
				this.connected = source.readyState === EventSource.OPEN;
				this.changed('connection');
			}
		});
		document.addEventListener('visibilitychange', () => void this.look());
	}

	/**
	 * Does something as the customer.
	 * @param {Record<string, unknown>} action
	 */
	act(action) {
		return ask('/inbound', { phone_number_id: this.business, from: this.customer, ...action });
	}
}

export const state = new State();
