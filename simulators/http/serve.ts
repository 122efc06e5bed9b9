import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
	readonly url: string;
	readonly port: number;
	/** Ends every connection, also those in the middle of an answer. */
	close(): Promise<void>;
}

/** Serves on one port; 0 takes any free one. Rejects when the port is taken. */
export async function serve(
	{ port = 0, host = '127.0.0.1' }: { port?: number; host?: string },
	handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
): Promise<Served> {
	const server = createServer((request, response) => {
		handle(request, response).catch((error: unknown) => {
			console.error('[simulator]', error);
			if (response.headersSent) response.destroy();
			else response.writeHead(500, { 'content-type': 'text/plain' }).end('The simulator failed.');
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	const address = server.address() as AddressInfo;
	return {
		port: address.port,
		url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
		async close() {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		}
	};
}
