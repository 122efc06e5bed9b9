import { createClient, type RealtimeChannel } from '@supabase/supabase-js';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { StackFacts } from '../stack/facts.ts';
import { percentile, type Figure } from './figure.ts';
import { signIn } from './rest.ts';
import { runLoad } from './socket_load.ts';
import { newWamid, phone, signedRequest, textBody } from './webhooks.ts';

const MESSAGES = 300;
/** A busy company's traffic: twenty customers' messages a second. */
const EVERY_MS = 50;

/** From the webhook's first byte to the event in a subscribed client, with 1 and with 200 agents listening, against bare NOTIFY. */
export async function benchRealtime(facts: StackFacts): Promise<Figure[]> {
	const notify = await bareNotify(facts);
	const figures: Figure[] = [];
	for (const agents of [1, 200]) {
		const samples = await webhookToClient(facts, agents);
		const share = (name: string, at: number, target?: number): Figure => ({
			name: `webhook to client, ${agents} ${agents === 1 ? 'agent' : 'agents'}: ${name}`,
			value: percentile(samples, at),
			unit: 'ms',
			limit: { name: 'bare LISTEN/NOTIFY', value: percentile(notify, at) },
			...(target !== undefined && { target })
		});
		figures.push(share('p50', 0.5, 15), share('p95', 0.95), share('p99', 0.99, agents === 200 ? 60 : undefined));
	}
	return figures;
}

async function webhookToClient(facts: StackFacts, agents: number): Promise<number[]> {
	const token = await signIn(facts);
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const [tenant] = await sql<[{ id: string }]>`select id from public.tenants where slug = 'padaria'`;
	await sql.end();

	const sentAt = new Map<string, number>();
	const samples: number[] = [];
	const heard = ({ payload }: { payload: { preview?: string } }) => {
		const sent = sentAt.get(payload.preview ?? '');
		if (sent !== undefined) samples.push(performance.now() - sent);
	};
	const clients = Array.from({ length: agents }, () =>
		createClient(facts.api_url, facts.anon_key, { accessToken: async () => token })
	);
	const topic = `inbox:${tenant.id}:all`;
	await Promise.all(
		clients.map(async (client) => {
			await client.realtime.setAuth(token);
			await subscribed(
				client.channel(topic, { config: { private: true } }).on('broadcast', { event: 'conversation' }, heard)
			);
		})
	);

	const url = new URL(facts.api_url);
	for (let i = 0; i < MESSAGES; i++) {
		const text = newWamid();
		const request = signedRequest(facts, textBody(facts, phone(i, 50), text));
		let once: Buffer | null = request;
		sentAt.set(text, performance.now());
		const { statuses } = await runLoad({
			host: url.hostname,
			port: Number(url.port),
			connections: 1,
			next: () => {
				const bytes = once;
				once = null;
				return bytes;
			}
		});
		if (statuses[200] !== 1) throw new Error(`a webhook was answered ${JSON.stringify(statuses)}`);
		await sleep(EVERY_MS);
	}
	const deadline = Date.now() + 10_000;
	while (samples.length < MESSAGES * agents && Date.now() < deadline) await sleep(20);
	await Promise.all(clients.map((client) => client.removeAllChannels()));
	for (const client of clients) client.realtime.disconnect();
	if (samples.length !== MESSAGES * agents) {
		throw new Error(`${MESSAGES * agents} events were due and ${samples.length} came`);
	}
	return samples;
}

function subscribed(channel: RealtimeChannel): Promise<void> {
	return new Promise((resolve, reject) => {
		channel.subscribe((status, error) => {
			if (status === 'SUBSCRIBED') resolve();
			else if (status === 'CHANNEL_ERROR' || status === 'TIMED_OUT') reject(error ?? new Error(status));
		});
	});
}

async function bareNotify(facts: StackFacts): Promise<number[]> {
	const sql = postgres(facts.db_url, { max: 1, onnotice: () => {} });
	const samples: number[] = [];
	let sent = 0;
	let heard: () => void = () => {};
	const { unlisten } = await sql.listen('bench', () => {
		samples.push(performance.now() - sent);
		heard();
	});
	for (let i = 0; i < MESSAGES; i++) {
		const arrived = new Promise<void>((resolve) => (heard = resolve));
		sent = performance.now();
		await sql.notify('bench', String(i));
		await arrived;
	}
	await unlisten();
	await sql.end();
	return samples;
}
