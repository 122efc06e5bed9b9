import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { isPublic } from './addresses.ts';
import { call } from './request.ts';

/** Where every name leads; null: where it does. */
const leads = vi.hoisted(() => ({ to: null as string[] | null }));
vi.mock('node:dns', async (original) => {
	const dns = await original<{ lookup: (...given: unknown[]) => void }>();
	const lookup = (host: string, options: object, done: (...given: unknown[]) => void) =>
		leads.to
			? done(
					null,
					leads.to.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
				)
			: dns.lookup(host, options, done);
	return { ...dns, lookup };
});

const ask = (url: string, origins: string[] = []) =>
	call(
		{ method: 'GET', url, headers: {}, body: '', seconds: 2, retries: 0 },
		{ key: 'k', signal: new AbortController().signal, origins }
	);

test('only addresses of the world are public', () => {
	for (const one of ['8.8.8.8', '200.160.2.3', '2606:4700:4700::1111', '2804:14d::1'])
		expect(isPublic(one), one).toBe(true);
	for (const one of [
		...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
		...['0.0.0.0', '255.255.255.255', '224.0.0.1', '198.18.0.1', '192.0.2.1'],
		...['::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '64:ff9b::7f00:1', '2001:db8::1', '2002:7f00:1::'],
		...['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', 'fe80::1%eth0', 'not an address', '']
	])
		expect(isPublic(one), one).toBe(false);
});

test('our own network is refused however its address is spelled', async () => {
	for (const host of [
		...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.'],
		...['169.254.169.254', '0xa9fea9fe', '10.0.0.1', '192.168.0.1', '0', '0.0.0.0'],
		...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[fe80::1]', '[fd00::1]', '[0:0:0:0:0:0:0:1]'],
		...['①②⑦.⓪.⓪.①', '127。0。0。1']
	])
		expect(await ask(`http://${host}:9/`), host).toMatchObject({ ok: false, code: 'address_refused' });
	for (const url of ['ftp://example.com/', 'file:///etc/passwd', 'http://user:pass@example.com/', 'nonsense'])
		expect(await ask(url), url).toMatchObject({ ok: false, code: 'address_refused' });
});

test('a name that leads into our own network is refused, if only one of its addresses does', async () => {
	for (const addresses of [['127.0.0.1'], ['10.0.0.7'], ['::1'], ['::ffff:10.0.0.7'], ['8.8.8.8', '192.168.1.1']]) {
		leads.to = addresses;
		expect(await ask('http://inocente.example/'), addresses.join()).toMatchObject({
			ok: false,
			code: 'address_refused'
		});
	}
	leads.to = null;
	expect(await ask('http://localhost:9/')).toMatchObject({ ok: false, code: 'address_refused' });
});

test('a redirect is not followed, wherever it leads', async () => {
	let asked = 0;
	const inside = createServer((_request, response) => {
		asked++;
		response.end('{"secret": 1}');
	}).listen(0, '127.0.0.1');
	await once(inside, 'listening');
	const secret = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/`;
	const outside = createServer((_request, response) => {
		response.writeHead(302, { location: secret }).end();
	}).listen(0, '127.0.0.1');
	await once(outside, 'listening');
	const origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
	expect(await ask(`${origin}/`, [origin])).toEqual({ ok: false, code: 'status', status: 302 });
	expect(asked).toBe(0);
	inside.close();
	outside.close();
});
