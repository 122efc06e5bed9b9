import { signatureOf } from './signature.ts';

export interface PostResult {
	/** 0 when no answer came. */
	status: number;
	ms: number;
	error: string | null;
}

/** Sends a signed body to a webhook. Never throws: a broken connection is a result. */
export async function post(url: string, body: string, secret: string, signal: AbortSignal): Promise<PostResult> {
	const started = performance.now();
	const took = (): number => Math.round((performance.now() - started) * 10) / 10;
	try {
		const answer = await fetch(url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'user-agent': 'facebookexternalua',
				'x-hub-signature-256': signatureOf(body, secret)
			},
			body,
			redirect: 'manual',
			signal
		});
		await answer.arrayBuffer();
		return { status: answer.status, ms: took(), error: answer.status === 200 ? null : `answered ${answer.status}` };
	} catch (error) {
		return { status: 0, ms: took(), error: reason(error) };
	}
}

function reason(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause;
	return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
