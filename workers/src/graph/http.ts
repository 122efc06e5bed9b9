import http from 'node:http';
import https from 'node:https';

export interface HttpAnswer {
	status: number;
	text: string;
}

/**
 * A request that got no whole answer. `sent` says whether any byte of it may have left this machine: if not, it is
 * safe to ask again; if so, nobody can know whether it took effect.
 */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
	readonly sent: boolean;
	constructor(message: string, sent: boolean, cause?: unknown) {
		super(message, { cause });
		this.sent = sent;
	}
}

/** A request that was not sent because it may not leave any more. */
export class Withheld extends NoAnswer {
	override name = 'Withheld';
	constructor() {
		super('withheld', false);
	}
}

/** Keeps connections open between calls: a new one to Meta costs two or three round trips. */
export interface Agents {
	http: http.Agent;
	https: https.Agent;
}

/** Idle connections are given up well before any server does, so that a call rarely meets one that is just being closed. */
const IDLE_MS = 4_000;
const LARGEST_ANSWER = 1_048_576;

export function createAgents(maxSockets: number): Agents {
	const options = { keepAlive: true, maxSockets, timeout: IDLE_MS, scheduling: 'lifo' } as const;
	return { http: new http.Agent(options), https: new https.Agent(options) };
}

export interface PostOptions {
	agents: Agents;
	url: URL;
	headers: Record<string, string>;
	body: string;
	/** For the whole exchange, in milliseconds. */
	timeout: number;
	/** Asked when a connection is there and the next thing is to write to it: to false when it must not. */
	mayLeave?: (() => Promise<boolean>) | undefined;
}

/**
 * Posts a body and reads the whole answer. Rejects with NoAnswer alone. It is not `fetch`, which can't tell a request
 * that never left from one whose answer was lost, nor be held back while a connection is made.
 */
export function post({ agents, url, headers, body, timeout, mayLeave }: PostOptions): Promise<HttpAnswer> {
	const secure = url.protocol === 'https:';
	const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
	let sent = false;

	const request = (secure ? https : http).request(url, {
		method: 'POST',
		agent: secure ? agents.https : agents.http,
		headers: { ...headers, 'content-length': Buffer.byteLength(body) }
	});
	const giveUp = (reason: NoAnswer) => {
		clearTimeout(timer);
		reject(reason);
		request.destroy();
	};
	const fail = (message: string, cause?: unknown) => giveUp(new NoAnswer(message, sent, cause));
	const leave = async () => {
		if (mayLeave && !(await mayLeave())) return giveUp(new Withheld());
		if (request.destroyed) return;
		sent = true;
		request.end(body);
	};
	const timer = setTimeout(() => fail(`no answer within ${timeout / 1000} s`), timeout);

	request.on('socket', (socket) => {
		// The agent's idle time-out must not end a call that waits for its answer.
		socket.setTimeout(0);
		if (!socket.connecting) void leave();
		else socket.once(secure ? 'secureConnect' : 'connect', () => void leave());
	});
	request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message, error));
	request.on('response', (response) => {
		const chunks: Buffer[] = [];
		let size = 0;
		response.on('data', (chunk: Buffer) => {
			size += chunk.length;
			if (size > LARGEST_ANSWER) fail('the answer is larger than 1 MB');
			else chunks.push(chunk);
		});
		response.on('aborted', () => fail('the answer was cut off'));
		response.on('error', (error) => fail(error.message, error));
		response.on('end', () => {
			if (!response.complete) return fail('the answer was cut off');
			clearTimeout(timer);
			resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
		});
	});
	return promise;
}
