import { createHmac } from 'node:crypto';

/** The `X-Hub-Signature-256` header for a body: HMAC-SHA256 with the app secret over its exact bytes. */
export function signatureOf(body: string | Buffer, appSecret: string): string {
	return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}
