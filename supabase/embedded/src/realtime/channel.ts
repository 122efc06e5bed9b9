import type { Access } from './authorization.ts';
import { broadcastFrame, messageFrame, type Broadcast } from './frames.ts';
import type { Hub } from './hub.ts';
import type { Socket } from './socket.ts';
import { readToken, TokenRefused, type Bearer } from './token.ts';

/** What a client asked for when it joined. */
export interface ChannelConfig {
	isPrivate: boolean;
	/** Whether the sender hears its own broadcasts. */
	self: boolean;
	/** Whether every broadcast is answered. */
	ack: boolean;
	presence: { enabled: boolean; key: string };
}

/** The longest a timer waits before it looks at the token again; Node's own limit is 24 days. */
const LONGEST_WAIT = 3_600_000;

/** One socket's membership of one topic. */
export class Channel {
	readonly socket: Socket;
	/** As the client names it: `realtime:room`. */
	readonly topic: string;
	/** As policies and the database name it: `room`. */
	readonly name: string;
	readonly joinRef: string | null;
	readonly isPrivate: boolean;
	readonly self: boolean;
	readonly ack: boolean;
	readonly presence: { enabled: boolean; readonly key: string; calls: number; windowEnds: number };

	token: string;
	bearer: Bearer;
	/** What it may hear. */
	access: Access = { broadcast: true, presence: true };
	/** What it may send, as far as it was asked for; forgotten with every new token. */
	mayWrite: Partial<Access> = {};
	/** Parameters of its postgres_changes. */
	changes: Record<string, unknown>[] = [];
	closed = false;

	#hub: Hub;
	#expiry: NodeJS.Timeout | undefined;
	/** Ids of the broadcasts it heard, kept only where a replay and the live stream may bring the same one. */
	#heard: Set<string> | undefined;

	constructor(
		hub: Hub,
		socket: Socket,
		topic: string,
		joinRef: string | null,
		config: ChannelConfig,
		bearer: Bearer,
		token: string
	) {
		this.#hub = hub;
		this.socket = socket;
		this.topic = topic;
		this.name = topic.slice('realtime:'.length);
		this.joinRef = joinRef;
		this.isPrivate = config.isPrivate;
		this.self = config.self;
		this.ack = config.ack;
		this.presence = { ...config.presence, calls: 0, windowEnds: 0 };
		this.bearer = bearer;
		this.token = token;
	}

	push(event: string, payload: object, ref: string | null = null): void {
		this.socket.send(messageFrame(this.socket.version, this.joinRef, ref, this.topic, event, JSON.stringify(payload)));
	}

	reply(ref: string | null, status: 'ok' | 'error', response: object = {}): void {
		this.push('phx_reply', { status, response }, ref);
	}

	/** What the server has to say about the channel itself. */
	system(extension: 'system' | 'postgres_changes', status: 'ok' | 'error', message: string): void {
		this.push('system', { extension, status, message, channel: this.name });
	}

	replay(broadcast: Broadcast & { meta: { id: string } }): void {
		if (this.heardBefore(broadcast.meta.id)) return;
		const frame = broadcastFrame(this.socket.version, this.topic, broadcast);
		if (frame) this.socket.send(frame);
	}

	rememberHeard(): void {
		this.#heard = new Set();
		setTimeout(() => (this.#heard = undefined), 60_000).unref();
	}

	heardBefore(id: string): boolean {
		if (!this.#heard) return false;
		if (this.#heard.has(id)) return true;
		this.#heard.add(id);
		return false;
	}

	/** Closes the channel when its token ends, unless a fresh one came meanwhile. */
	watchExpiry(): void {
		clearTimeout(this.#expiry);
		const left = Math.max(0, this.bearer.exp * 1000 - Date.now());
		this.#expiry = setTimeout(() => void this.#confirmToken(), Math.min(left + 5, LONGEST_WAIT)).unref();
	}

	async #confirmToken(): Promise<void> {
		try {
			await readToken(this.#hub.jwt, this.token);
			if (!this.closed) this.watchExpiry();
		} catch (error) {
			this.shutdown(error instanceof TokenRefused ? error.message : 'The token could not be checked');
		}
	}

	/** Tells the client why, and closes. */
	shutdown(reason: string): void {
		if (this.closed) return;
		this.system('system', 'error', reason);
		this.close();
	}

	/** Ends the membership and tells the client; the client may join anew. */
	close(): void {
		if (this.closed) return;
		this.forget();
		this.push('phx_close', {}, this.joinRef);
	}

	/** Ends the membership without a word: its socket is gone, or it never joined. */
	forget(): void {
		if (this.closed) return;
		this.closed = true;
		clearTimeout(this.#expiry);
		this.#hub.topics.remove(this);
		this.#hub.presence.untrack(this);
		this.#hub.changes.unsubscribe(this);
		this.socket.drop(this);
	}
}
