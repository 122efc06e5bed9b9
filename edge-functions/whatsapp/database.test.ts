import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../tests/database/database.ts';
import { connect, NoAnswer } from './database.ts';

const database = useDatabase();
const sockets: net.Socket[] = [];
let wire: net.Server;

/** A line to the database on which everybody can be made deaf. */
beforeAll(async () => {
	const { hostname, port } = new URL(database.url('prosa_door'));
	wire = net.createServer((near) => {
		const far = net.connect(Number(port), hostname);
		near.pipe(far).pipe(near);
		for (const socket of [near, far]) sockets.push(socket.on('error', () => {}));
	});
	wire.listen(0, '127.0.0.1');
	await once(wire, 'listening');
});
afterAll(() => {
	for (const socket of sockets) socket.destroy();
	wire.close();
});
const deafen = () => sockets.splice(0).forEach((socket) => socket.unpipe().on('data', () => {}));

test('a line to the database that falls silent is given up, and the next call takes another', async () => {
	const url = new URL(database.url('prosa_door'));
	url.port = String((wire.address() as AddressInfo).port);
	const door = connect(url.href, 700);
	const nobody = '00000000-0000-4000-8000-000000000000';
	expect(await door.receive('[]')).toBeNull();
	expect(await door.secretsOf(nobody)).toEqual([]);
	deafen();
	await expect(door.receive('[]')).rejects.toThrow(NoAnswer);
	await expect(door.secretsOf(nobody)).rejects.toThrow(NoAnswer);
	expect(await door.receive('[]')).toBeNull();
	expect(await door.secretsOf(nobody)).toEqual([]);
});
