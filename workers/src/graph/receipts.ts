import { buildReadReceipt } from '@prosa/core/whatsapp/build.ts';
import { z } from 'zod';
import { readAnswer, type GraphError, type GraphOptions } from './client.ts';
import { createAgents, NoAnswer, post } from './http.ts';
import { parseJson } from './parse_json.ts';

/** What is known after telling a customer that we have read. `unreached` may be tried again: telling twice says nothing twice. */
export type ReceiptAnswer =
	{ type: 'told' } | { type: 'refused'; status: number; error: GraphError } | { type: 'unreached'; reason: string };

export interface ReceiptClient {
	/** Marks a message and all before it as read, and shows somebody typing when asked to. Never throws. */
	markRead(phoneNumberId: string, token: string, externalId: string, typing: boolean): Promise<ReceiptAnswer>;
	close(): void;
}

/** Nobody waits for it, and what comes late is worth little. */
const TIMEOUT_MS = 5_000;

const Told = z.object({ success: z.literal(true) });

export function createReceiptClient({ url, version, connections, timeout = TIMEOUT_MS }: GraphOptions): ReceiptClient {
	const agents = createAgents(connections);
	const base = url.replace(/\/+$/, '');

	return {
		async markRead(phoneNumberId, token, externalId, typing) {
			try {
				const { status, text } = await post({
					agents,
					url: new URL(`${base}/${version}/${encodeURIComponent(phoneNumberId)}/messages`),
					headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
					body: JSON.stringify(buildReadReceipt(externalId, typing)),
					timeout
				});
				return readReceiptAnswer(status, text);
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				return { type: 'unreached', reason: error.message };
			}
		},
		close() {
			agents.http.destroy();
			agents.https.destroy();
		}
	};
}

/** `{"success": true}`, or an error as after a send. */
export function readReceiptAnswer(status: number, text: string): ReceiptAnswer {
	const answer = readAnswer(status, text);
	if (answer.type === 'refused') return answer;
	return status < 300 && Told.safeParse(parseJson(text)).success
		? { type: 'told' }
		: { type: 'unreached', reason: `HTTP ${status} without an answer of Meta's` };
}
