/**
 * The entry of the built server (`node web/build/index.js`), copied there by adapter.ts.
 * PORT and HOST say where to listen. ORIGIN, when set, is the public address; otherwise the proxy's
 * x-forwarded-proto and x-forwarded-host are believed, and without a proxy it is plain http on the Host header.
 */
process.env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
process.env.HOST_HEADER ??= 'x-forwarded-host';

const protocolHeader = process.env.PROTOCOL_HEADER.toLowerCase();
const hostHeader = process.env.HOST_HEADER.toLowerCase();
const origin = process.env.ORIGIN ? new URL(process.env.ORIGIN) : null;

// After the assignments above: the handler reads the environment while it is imported.
const { server } = await import('./server/adapter-index.js');

server.prependListener('request', (request) => {
	if (origin) {
		request.headers[protocolHeader] = origin.protocol.slice(0, -1);
		request.headers[hostHeader] = origin.host;
	} else {
		request.headers[protocolHeader] ??= 'http';
	}
});

export { server };
