import { WebSocket } from 'ws';
import type { StackFacts } from '../stack/facts.ts';

export interface Agents {
	/** How many broadcasts came to all of them together. */
	heard: () => number;
	/** Gives all of them a new token, as a client does before its own runs out. */
	renew: (token: string) => void;
	leave: () => void;
}

const heartbeatMs = 20_000;

/** So many clients joined to one topic. They count what comes and read none of it: what is measured is elsewhere. */
export async function joinAgents(facts: StackFacts, token: string, topic: string, count: number): Promise<Agents> {
	const url = `${facts.api_url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${facts.anon_key}&vsn=1.0.0`;
	let heard = 0;
	const sockets = await Promise.all(
		Array.from({ length: count }, async () => {
			const socket = new WebSocket(url);
			await new Promise<void>((resolve, reject) => {
				socket.on('error', reject);
				socket.on('open', () => socket.send(JSON.stringify(joinOf(topic, token))));
				socket.on('message', (bytes: Buffer) => {
					if (bytes.includes('"phx_reply"')) {
						if (bytes.includes('"error"')) reject(new Error(bytes.toString()));
						else resolve();
					} else if (bytes.includes('"broadcast"')) heard++;
				});
			});
			return socket;
		})
	);
	const beat = JSON.stringify({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '2' });
	const beating = setInterval(() => sockets.forEach((socket) => socket.send(beat)), heartbeatMs);
	return {
		heard: () => heard,
		renew: (renewed) => {
			const message = {
				topic: `realtime:${topic}`,
				event: 'access_token',
				payload: { access_token: renewed },
				ref: '3'
			};
			for (const socket of sockets) socket.send(JSON.stringify({ ...message, join_ref: '1' }));
		},
		leave: () => {
			clearInterval(beating);
			for (const socket of sockets) socket.terminate();
		}
	};
}

const joinOf = (topic: string, token: string) => ({
	topic: `realtime:${topic}`,
	event: 'phx_join',
	payload: {
		config: { broadcast: { ack: false, self: false }, presence: { key: '' }, postgres_changes: [], private: true },
		access_token: token
	},
	ref: '1',
	join_ref: '1'
});
