import type { Page, WebSocketRoute } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';

/** The line between a page and the stack, to be cut. */
export class CutLine {
	/** How often it was cut. */
	cuts = 0;

	#page: Page;
	#sockets = new Set<WebSocketRoute>();
	#refused = false;
	#silent = false;

	private constructor(page: Page) {
		this.#page = page;
	}

	/** Stands between a page and Realtime; what the page opens from then on goes through it. */
	static async between(page: Page): Promise<CutLine> {
		const line = new CutLine(page);
		await page.routeWebSocket(/\/realtime\/v1\//, (socket) => {
			if (line.#refused) return void socket.close({ code: 1012 });
			const server = socket.connectToServer();
			// A line can be open and carry nothing, in either direction.
			socket.onMessage((message) => {
				if (!line.#silent) server.send(message);
			});
			server.onMessage((message) => {
				if (!line.#silent) socket.send(message);
			});
			line.#sockets.add(socket);
			socket.onClose(() => void line.#sockets.delete(socket));
		});
		return line;
	}

	/** Cuts it again and again in one of the ways in which lines fail, until then; whole afterwards. */
	async cutUntil(end: number): Promise<void> {
		const ways = [
			() => this.#drop(),
			() => this.#refuse(),
			() => this.#offline(),
			() => this.#mute(),
			() => this.#failRequests()
		];
		while (Date.now() < end) {
			await sleep(Math.random() * 2_500);
			await ways[Math.floor(Math.random() * ways.length)]?.();
			this.cuts++;
		}
	}

	/** The server goes; it takes whoever comes back. */
	async #drop(): Promise<void> {
		for (const socket of [...this.#sockets]) await socket.close({ code: 1012, reason: 'restart' });
		this.#sockets.clear();
	}

	/** The server goes, and takes nobody for a while. */
	async #refuse(): Promise<void> {
		this.#refused = true;
		await this.#drop();
		await sleep(Math.random() * 3_000);
		this.#refused = false;
	}

	async #offline(): Promise<void> {
		await this.#page.context().setOffline(true);
		await sleep(Math.random() * 4_000);
		await this.#page.context().setOffline(false);
	}

	/** What is told meanwhile is lost; then the line breaks, as a heartbeat that is missed would have it. */
	async #mute(): Promise<void> {
		this.#silent = true;
		await sleep(Math.random() * 3_000);
		this.#silent = false;
		await this.#drop();
	}

	/** Requests fail while Realtime goes on. */
	async #failRequests(): Promise<void> {
		const pattern = '**/rest/v1/**';
		await this.#page.route(pattern, (route) => route.abort('connectionreset'));
		await sleep(Math.random() * 2_500);
		await this.#page.unroute(pattern);
	}
}
