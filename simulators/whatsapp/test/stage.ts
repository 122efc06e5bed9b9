import { onTestFinished, vi } from 'vitest';
import { startWhatsAppSimulator, type SimulatorOptions, type WhatsAppSimulator } from '../index.ts';
import { systemClock, type Clock } from '../src/clock.ts';
import { openDoor, type Door } from './door.ts';

// Real servers on a machine that may be busy with other suites.
vi.setConfig({ testTimeout: 30_000 });

export const PADARIA = '106540352242922';
export const WABA = '102290129340398';
export const OFICINA = '106540352242933';
export const MARINA = '5511987650001';
export const SECRET = 'test-app-secret';

/** A template that the bakery has had approved, filled in. */
export const AN_ORDER = {
	name: 'pedido_confirmado',
	language: { code: 'pt_BR' },
	components: [
		{ type: 'header', parameters: [{ type: 'text', text: '1042' }] },
		{
			type: 'body',
			parameters: [
				{ type: 'text', text: 'Marina' },
				{ type: 'text', text: '16h30' }
			]
		}
	]
};

type Json = Record<string, unknown>;
export interface Answer {
	status: number;
	// A Graph answer or refusal: tests compare it with what Meta documents.
	body: { messages?: { id: string; message_status?: string }[]; error?: { code: number; message: string } } & Json;
}

export interface Stage {
	simulator: WhatsAppSimulator;
	door: Door;
	graph(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
	send(body: Json, number?: string): Promise<Answer>;
	/** Sends and answers with the message's id. */
	sent(body: Json): Promise<string>;
	control(path: string, body?: unknown): Promise<{ status: number; body: Json }>;
	writes(body: Json): Promise<string>;
	/** Waits until the condition holds; fails with what it waited for. */
	until(what: string, holds: () => boolean, ms?: number): Promise<void>;
}

/** As good as no delay, but in order. */
const quick = {
	sent: [1, 1],
	delivered: [2, 2],
	read: [1, 1],
	failed: [1, 1],
	holdBack: [40, 80],
	review: [5, 5],
	outage: [300, 300]
} as const;

/** A simulator and a door of its own for one test, both gone when it ends. */
export async function stage(options: SimulatorOptions = {}): Promise<Stage> {
	const door = await openDoor();
	const simulator = await startWhatsAppSimulator({
		appSecret: SECRET,
		webhookUrl: door.url,
		delays: quick,
		retry: { firstMs: 10, factor: 2, longestMs: 50 },
		...options
	});
	onTestFinished(async () => {
		await simulator.close();
		await door.close();
	});
	const graph: Stage['graph'] = async (method, path, body, token = 'demo-token-padaria') => {
		const answer = await fetch(`${simulator.url}${path}`, {
			method,
			headers: {
				...(token === null ? {} : { authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { 'content-type': 'application/json' })
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) })
		});
		return { status: answer.status, body: (await answer.json()) as Answer['body'] };
	};
	const send: Stage['send'] = (body, number = PADARIA) =>
		graph('POST', `/v26.0/${number}/messages`, { messaging_product: 'whatsapp', to: MARINA, ...body });
	const control: Stage['control'] = async (path, body) => {
		const answer = await fetch(`${simulator.url}/_simulator${path}`, {
			...(body === undefined
				? {}
				: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
		});
		return { status: answer.status, body: (await answer.json()) as Json };
	};
	return {
		simulator,
		door,
		graph,
		send,
		control,
		async sent(body) {
			const answer = await send(body);
			const id = answer.body.messages?.[0]?.id;
			if (id === undefined) throw new Error(`not sent: ${JSON.stringify(answer.body)}`);
			return id;
		},
		async writes(body) {
			const answer = await control('/inbound', { phone_number_id: PADARIA, from: MARINA, ...body });
			if (answer.status !== 201) throw new Error(`not written: ${JSON.stringify(answer.body)}`);
			return String(answer.body['id']);
		},
		async until(what, holds, ms = 15_000) {
			const end = Date.now() + ms;
			while (!holds()) {
				if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		}
	};
}

export const text = (body = 'Olá'): Json => ({ type: 'text', text: { body } });

/** A clock that stands still until it is moved; timers run as ever. */
export function stoppedClock(): Clock & { advance(ms: number): void } {
	let now = Date.now();
	return { now: () => now, after: systemClock.after, advance: (ms) => void (now += ms) };
}
