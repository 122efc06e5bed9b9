import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Channel } from './channel.ts';
import { messageFrame, readFrame, type Incoming, type Version } from './frames.ts';
import type { Hub } from './hub.ts';
import { writeTogether } from './outbox.ts';
import { receive } from './receive.ts';

/** One client's connection, with the channels it joined. */
export class Socket {
	readonly version: Version;
	/** The token its API key stands for. */
	readonly token: string;
	readonly channels = new Map<string, Channel>();

	#hub: Hub;
	#webSocket: WebSocket;
	#wire: Duplex;
	#turns = new Map<string, Promise<void>>();
	#idle: NodeJS.Timeout;
	#joins = { second: 0, count: 0 };
	#messages = { second: 0, count: 0 };

	constructor(hub: Hub, webSocket: WebSocket, wire: Duplex, version: Version, token: string) {
		this.#hub = hub;
		this.#webSocket = webSocket;
		this.#wire = wire;
		this.version = version;
		this.token = token;
		this.#idle = setTimeout(() => webSocket.terminate(), hub.limits.idle).unref();
		webSocket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary));
		webSocket.on('ping', () => this.#idle.refresh());
		webSocket.on('error', () => webSocket.terminate());
		webSocket.on('close', () => {
			clearTimeout(this.#idle);
			for (const channel of [...this.channels.values()]) channel.forget();
		});
	}

	/** Sends a whole frame. A reader so slow that too much waits for it is cut off: it will come back and catch up. */
	send(frame: Buffer): void {
		if (this.#webSocket.readyState !== WebSocket.OPEN) return;
		if (this.#wire.writableLength > this.#hub.limits.bufferedBytes) {
			this.#hub.log(`closed a socket that did not read ${this.#wire.writableLength} bytes`);
			return this.#webSocket.terminate();
		}
		writeTogether(this.#wire, frame);
	}

	/** Answers a message on whose topic there may be no channel. */
	reply({ joinRef, ref, topic }: Incoming, status: 'ok' | 'error', response: object): void {
		this.send(messageFrame(this.version, joinRef, ref, topic, 'phx_reply', JSON.stringify({ status, response })));
	}

	mayJoin(): boolean {
		return count(this.#joins) <= this.#hub.limits.joinsPerSecond;
	}

	/** False when the socket is gone by now. */
	add(channel: Channel): boolean {
		if (this.#webSocket.readyState !== WebSocket.OPEN) return false;
		this.channels.set(channel.topic, channel);
		return true;
	}

	drop(channel: Channel): void {
		if (this.channels.get(channel.topic) === channel) this.channels.delete(channel.topic);
	}

	close(code = 1000, reason = ''): void {
		this.#webSocket.close(code, reason);
	}

	#hear(data: Buffer, isBinary: boolean): void {
		this.#idle.refresh();
		if (count(this.#messages) > this.#hub.limits.messagesPerSecond)
			return this.close(1008, 'Too many messages per second');
		const message = readFrame(data, isBinary);
		if (!message) return;
		const before = this.#turns.get(message.topic);
		const turn = (before ?? Promise.resolve())
			.then(() => receive(this.#hub, this, message))
			.catch((error: unknown) => {
				this.#hub.log(`realtime: ${error instanceof Error ? error.stack : String(error)}`);
				this.reply(message, 'error', { reason: 'Unknown Error on Channel' });
			})
			.then(() => {
				if (this.#turns.get(message.topic) === turn) this.#turns.delete(message.topic);
			});
		this.#turns.set(message.topic, turn);
	}
}

/** How many there were in this second, this one included. */
function count(counter: { second: number; count: number }): number {
	const second = Math.floor(Date.now() / 1000);
	if (counter.second !== second) Object.assign(counter, { second, count: 0 });
	return ++counter.count;
}
