import { createServer, type AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { streamWal } from '../src/realtime/wal/stream.ts';

/** One message of the server's side of Postgres' protocol. */
function message(type: string, body: Buffer): Buffer {
	const head = Buffer.alloc(5);
	head.write(type);
	head.writeInt32BE(body.length + 4, 1);
	return Buffer.concat([head, body]);
}

const WELCOME = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const DYING = message(
	'E',
	Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0')
);

it('outlives a Postgres that dies in the very moment the connection is up', async () => {
	let connections = 0;
	const server = createServer((socket) => {
		connections++;
		socket.on('error', () => {});
		socket.once('data', () => socket.end(Buffer.concat([WELCOME, READY, DYING])));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const lines: string[] = [];

	const stream = streamWal({
		url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
		publication: 'anything',
		onMessage: () => {},
		log: (line) => lines.push(line)
	});
	await vi.waitFor(() => expect(connections).toBeGreaterThan(1), 5_000);
	expect(lines[0]).toMatch(/^replication of anything: /);

	await stream.stop();
	server.close();
});
