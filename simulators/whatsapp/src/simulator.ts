import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from './clock.ts';
import { handle } from './http/handle.ts';
import type { SimulatorOptions } from './options.ts';
import { resumeDeliveries } from './sending/delivery.ts';
import { resumeReviews } from './templates/review.ts';
import { createWorld } from './create_world.ts';
import type { World } from './world.ts';

export interface WhatsAppSimulator {
	readonly url: string;
	readonly port: number;
	/** Its inside, for tests that would otherwise have to wait. */
	readonly world: World;
	/** Resolves when no webhook waits or is on its way. Rejects after `timeoutMs`. */
	idle(timeoutMs?: number): Promise<void>;
	close(): Promise<void>;
}

/** Starts one simulated WhatsApp: Graph API, webhooks, control API and phone page on one port. */
export async function startWhatsAppSimulator(options: SimulatorOptions = {}): Promise<WhatsAppSimulator> {
	const world = createWorld(options, options.clock ?? systemClock);
	const server = createServer((request, response) => void handle(world, request, response, options.port ?? 0));
	const host = options.host ?? '127.0.0.1';
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port ?? 0, host, resolve);
	});
	const { port } = server.address() as AddressInfo;
	world.outbox.resume();
	resumeDeliveries(world);
	resumeReviews(world);
	return {
		port,
		url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
		world,
		async idle(timeoutMs = 15_000) {
			const until = Date.now() + timeoutMs;
			while (world.outbox.pending() > 0) {
				if (Date.now() > until) throw new Error(`${world.outbox.pending()} webhooks are still on their way`);
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		},
		async close() {
			world.events.close();
			await world.outbox.close();
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
			world.journal.close();
		}
	};
}
