import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';

/** When a message arrived, in milliseconds of this machine's clock, and which it was. */
export interface Arrival {
	at: number;
	opaque: string;
	to: string;
	text: string;
}

export interface Receiver {
	url: string;
	count(): Promise<number>;
	arrivals(): Promise<Arrival[]>;
	stop(): void;
}

/** A Graph API that only takes messages and notes when: a process of its own, so that nothing delays its clock. */
export async function startReceiver(): Promise<Receiver> {
	const child = fork(import.meta.filename, { execArgv: [] });
	const [port] = (await once(child, 'message')) as [number];
	const url = `http://127.0.0.1:${port}`;
	const ask = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
	return { url, count: () => ask('/count'), arrivals: () => ask('/arrivals'), stop: () => child.kill('SIGKILL') };
}

function serve(): void {
	// Before everybody else, by the kernel: what arrives is noted as it arrives. Where that is not ours to ask for, the
	// clock is as late as this machine is busy.
	spawnSync('chrt', ['--all-tasks', '--fifo', '--pid', '10', String(process.pid)]);
	const arrivals: { at: number; body: string }[] = [];
	const read = ({ at, body }: { at: number; body: string }): Arrival => {
		const message = JSON.parse(body) as { to: string; biz_opaque_callback_data: string; text: { body: string } };
		return { at, opaque: message.biz_opaque_callback_data, to: message.to, text: message.text.body };
	};
	const server = http.createServer((request, response) => {
		if (request.method === 'GET') {
			response.end(JSON.stringify(request.url === '/count' ? arrivals.length : arrivals.map(read)));
			return;
		}
		const at = performance.timeOrigin + performance.now();
		let body = '';
		request.on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			arrivals.push({ at, body });
			response.end(`{"messages":[{"id":"wamid.${process.pid}.${arrivals.length}"}]}`);
		});
	});
	server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
	process.once('disconnect', () => process.exit());
}

if (import.meta.main) serve();
