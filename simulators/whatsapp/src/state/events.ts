import type { ServerResponse } from 'node:http';

/** A page that listens, and the chat it has open on screen. */
interface Listener {
	response: ServerResponse;
	chat: string | null;
}

/** Server-sent events to the phone pages, and the knowledge of which chats are being looked at. */
export class Events {
	readonly #listeners = new Map<string, Listener>();

	/** Keeps the connection open and sends events on it until the page leaves. */
	listen(id: string, response: ServerResponse): void {
		response.writeHead(200, {
			'content-type': 'text/event-stream',
			'cache-control': 'no-store',
			connection: 'keep-alive',
			'x-accel-buffering': 'no'
		});
		response.write(`event: hello\ndata: ${JSON.stringify({ id })}\n\n`);
		this.#listeners.get(id)?.response.end();
		const listener: Listener = { response, chat: null };
		this.#listeners.set(id, listener);
		response.on('close', () => {
			if (this.#listeners.get(id) === listener) this.#listeners.delete(id);
		});
	}

	publish(event: string, data: unknown): void {
		const frame = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
		for (const { response } of this.#listeners.values()) response.write(frame);
	}

	/** Notes which chat a page shows; null when it shows none or is hidden. False when the page isn't listening. */
	look(id: string, chat: string | null): boolean {
		const listener = this.#listeners.get(id);
		if (!listener) return false;
		listener.chat = chat;
		return true;
	}

	isLookedAt(chat: string): boolean {
		for (const listener of this.#listeners.values()) if (listener.chat === chat) return true;
		return false;
	}

	close(): void {
		for (const { response } of this.#listeners.values()) response.end();
		this.#listeners.clear();
	}
}
