import { z } from 'zod';
import { createAgents, NoAnswer, post, Withheld } from './http.ts';
import { parseJson } from './parse_json.ts';

/** An error in the words of the Graph API. */
export interface GraphError {
	code: number;
	title: string;
	details: string | null;
}

/**
 * What is known after a call to send a message.
 *
 * - `accepted`: Meta has it, under this id.
 * - `refused`: Meta answered with an error; its code says what to do.
 * - `unreached`: nothing left this machine (`nobody` was there), or what answered was not Meta's and took nothing. Safe
 *   to repeat.
 * - `withheld`: nothing left this machine, because it was not allowed to any more.
 * - `lost`: it may or may not have been accepted. Never to be repeated blindly.
 */
export type SendAnswer =
	| { type: 'accepted'; external_id: string }
	| { type: 'refused'; status: number; error: GraphError }
	| { type: 'unreached'; reason: string; nobody?: true }
	| { type: 'withheld' }
	| { type: 'lost'; reason: string };

export interface GraphClient {
	/**
	 * POST /<version>/<phone number id>/messages. Never throws. `mayLeave` is asked when nothing but the writing is left
	 * to do: making a connection takes longer than a departure is valid.
	 */
	sendMessage(
		phoneNumberId: string,
		token: string,
		message: object,
		mayLeave?: () => Promise<boolean>
	): Promise<SendAnswer>;
	close(): void;
}

export interface GraphOptions {
	url: string;
	version: string;
	/** Calls at once. */
	connections: number;
	/** Milliseconds for a whole call. */
	timeout?: number;
}

/** Meta answers in well under a second; one that has not after this long has lost the call. */
const TIMEOUT_MS = 15_000;

const Accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const Refused = z.object({
	error: z.object({
		code: z.number().int(),
		message: z.string().default(''),
		error_data: z.object({ details: z.string().optional() }).nullish()
	})
});

export function createGraphClient({ url, version, connections, timeout = TIMEOUT_MS }: GraphOptions): GraphClient {
	const agents = createAgents(connections);
	const base = url.replace(/\/+$/, '');

	return {
		async sendMessage(phoneNumberId, token, message, mayLeave) {
			try {
				const answer = await post({
					agents,
					url: new URL(`${base}/${version}/${encodeURIComponent(phoneNumberId)}/messages`),
					headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
					body: JSON.stringify(message),
					timeout,
					mayLeave
				});
				return readAnswer(answer.status, answer.text);
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				if (error instanceof Withheld) return { type: 'withheld' };
				return error.sent
					? { type: 'lost', reason: error.message }
					: { type: 'unreached', reason: error.message, nobody: true };
			}
		},
		close() {
			agents.http.destroy();
			agents.https.destroy();
		}
	};
}

/** Makes sense of an answer: Meta's own words come before the HTTP status. */
export function readAnswer(status: number, text: string): SendAnswer {
	const body = parseJson(text);

	const refused = Refused.safeParse(body);
	if (refused.success) {
		const { code, message, error_data } = refused.data.error;
		return { type: 'refused', status, error: { code, title: message, details: error_data?.details ?? null } };
	}

	const accepted = Accepted.safeParse(body);
	if (accepted.success && status < 300) return { type: 'accepted', external_id: accepted.data.messages[0]?.id ?? '' };

	// A proxy's page or an empty body. Below 500 the request was turned away (408: nobody knows how much of it was read).
	const reason = `HTTP ${status} without an answer of Meta's`;
	return status >= 300 && status < 500 && status !== 408 ? { type: 'unreached', reason } : { type: 'lost', reason };
}
