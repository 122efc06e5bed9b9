import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { newWamid, phone, textBody } from '../../bench/webhooks.ts';
import type { StackFacts } from '../../stack/facts.ts';

export interface Delivery {
	wamid: string;
	body: string;
	/** Answered 200: Meta would never send it again. */
	taken: boolean;
}

/** Texts of many people that are to be delivered. */
export function deliveries(facts: StackFacts, count: number, people: number): Delivery[] {
	return Array.from({ length: count }, (_, i) => {
		const wamid = newWamid();
		return { wamid, body: textBody(facts, phone(i, people), `mensagem ${i}`, wamid), taken: false };
	});
}

/** Posts one body once. True when it was answered 200. */
async function post(facts: StackFacts, body: string): Promise<boolean> {
	const signature = createHmac('sha256', facts.whatsapp.app_secret).update(body).digest('hex');
	const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
	try {
		const signal = AbortSignal.timeout(20_000);
		const response = await fetch(facts.whatsapp.webhook_url, { method: 'POST', headers, body, signal });
		await response.arrayBuffer();
		return response.status === 200;
	} catch {
		return false;
	}
}

/**
 * Delivers as Meta does: several at once, each again after a pause until it is answered 200. Ends when all are taken,
 * or when `stop` aborts.
 */
export async function deliver(facts: StackFacts, all: Delivery[], stop?: AbortSignal): Promise<void> {
	const waiting = all.filter(({ taken }) => !taken);
	const line = async () => {
		for (let next = waiting.shift(); next && !stop?.aborted; next = waiting.shift()) {
			next.taken = await post(facts, next.body);
			if (next.taken) continue;
			waiting.push(next);
			await wait(100);
		}
	};
	await Promise.all(Array.from({ length: 8 }, line));
}
