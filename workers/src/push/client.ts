import webpush from 'web-push';
import { createHash } from 'node:crypto';

/** What came of a push. `later`: the service asks to wait, or could not be reached. */
export type PushOutcome =
	{ type: 'sent' } | { type: 'gone' } | { type: 'refused'; status: number } | { type: 'later'; seconds: number };

export interface PushKeys {
	publicKey: string;
	privateKey: string;
	/** `mailto:` or https: whom a push service may ask. */
	subject: string;
}

export interface Device {
	endpoint: string;
	p256dh: string;
	auth: string;
}

export interface PushClient {
	send(device: Device, payload: { tag: string }, attempt: number): Promise<PushOutcome>;
}

/** A push that could not be delivered within four hours is of no use any more. */
const TTL_SECONDS = 4 * 60 * 60;
const PATIENCE_MS = 10_000;

/**
 * Encrypts for the device (RFC 8291), signs for the service (RFC 8292) and posts (RFC 8030). The library builds the
 * request; it is sent here, with a time limit, no redirects and an answer that is not read.
 */
export function createPushClient(keys: PushKeys): PushClient {
	return {
		async send({ endpoint, p256dh, auth }, payload, attempt) {
			const request = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(payload), {
				vapidDetails: keys,
				TTL: TTL_SECONDS,
				urgency: 'high',
				contentEncoding: 'aes128gcm',
				// While the device is off, of a conversation only the newest waits.
				topic: createHash('sha256').update(payload.tag).digest('base64url').slice(0, 32)
			});
			try {
				const response = await fetch(endpoint, {
					method: 'POST',
					headers: request.headers as Record<string, string>,
					body: new Uint8Array(request.body),
					redirect: 'manual',
					signal: AbortSignal.timeout(PATIENCE_MS)
				});
				await response.body?.cancel();
				return outcomeOf(response.status, response.headers.get('retry-after'), attempt);
			} catch {
				return { type: 'later', seconds: backoff(attempt) };
			}
		}
	};
}

/** What a push service's answer means. */
export function outcomeOf(status: number, retryAfter: string | null, attempt: number): PushOutcome {
	if (status >= 200 && status < 300) return { type: 'sent' };
	if (status === 404 || status === 410) return { type: 'gone' };
	if (status === 429 || status >= 500) {
		const asked = Number(retryAfter);
		const seconds = retryAfter !== null && Number.isFinite(asked) ? asked : backoff(attempt);
		return { type: 'later', seconds: Math.min(Math.max(seconds, 1), 3_600) };
	}
	return { type: 'refused', status };
}

const backoff = (attempt: number) => Math.min(15 * 2 ** attempt, 3_600);
