import net from 'node:net';

export interface Load {
	host: string;
	port: number;
	connections: number;
	/** The next request's bytes, or null when there is nothing left to send. */
	next: () => Buffer | null;
	/** Requests a second over all connections; as fast as answers come when absent. */
	rate?: number;
}

export interface LoadResult {
	seconds: number;
	/** From the moment a request was due, so that a server that stalls cannot hide it. */
	latencies: number[];
	/** Answers by HTTP status. */
	statuses: Record<number, number>;
}

/**
 * Sends ready-made HTTP/1.1 requests over plain sockets, one in flight a connection, and reads status and length of each
 * answer. An HTTP client would cost more than the server that is measured.
 */
export async function runLoad(load: Load): Promise<LoadResult> {
	const latencies: number[] = [];
	const statuses: Record<number, number> = {};
	const started = performance.now();
	let issued = 0;
	const takeTurn = () => {
		const bytes = load.next();
		if (!bytes) return null;
		const due = load.rate ? started + (issued / load.rate) * 1000 : performance.now();
		issued++;
		return { bytes, due };
	};

	await Promise.all(
		Array.from({ length: load.connections }, () =>
			connection(load, takeTurn, (status, latency) => {
				latencies.push(latency);
				statuses[status] = (statuses[status] ?? 0) + 1;
			})
		)
	);
	return { seconds: (performance.now() - started) / 1000, latencies, statuses };
}

function connection(
	{ host, port }: Load,
	takeTurn: () => { bytes: Buffer; due: number } | null,
	done: (status: number, latency: number) => void
): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = net.connect(port, host);
		socket.setNoDelay(true);
		let received = Buffer.alloc(0);
		let due = 0;

		const send = () => {
			const turn = takeTurn();
			if (!turn) {
				socket.end();
				return resolve();
			}
			due = turn.due;
			const wait = due - performance.now();
			if (wait > 1) setTimeout(() => socket.write(turn.bytes), wait);
			else socket.write(turn.bytes);
		};
		socket.on('connect', send);
		socket.on('error', reject);
		socket.on('data', (chunk) => {
			received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
			const answer = readAnswer(received);
			if (!answer) return;
			received = received.subarray(answer.length);
			done(answer.status, performance.now() - due);
			send();
		});
	});
}

/** Status and byte length of the answer at the start of `bytes`; null while it is not whole. */
function readAnswer(bytes: Buffer): { status: number; length: number } | null {
	const head = bytes.indexOf('\r\n\r\n');
	if (head < 0) return null;
	const text = bytes.toString('latin1', 0, head);
	const status = Number(text.slice(9, 12));
	const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
	if (length !== undefined) {
		const whole = head + 4 + Number(length);
		return bytes.length >= whole ? { status, length: whole } : null;
	}
	if (/\r\ntransfer-encoding: *chunked/i.test(text)) {
		const end = bytes.indexOf('0\r\n\r\n', head + 4);
		return end < 0 ? null : { status, length: end + 5 };
	}
	return { status, length: head + 4 };
}
