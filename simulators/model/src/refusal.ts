import type { ServerResponse } from 'node:http';
import { answerJson } from '../../http/answer.ts';

/** An error as OpenAI words it: the SDK makes its classes from the status, people read the message. */
export class Refusal extends Error {
	readonly status: number;
	readonly body: { message: string; type: string; param: string | null; code: string | null };
	readonly headers: Record<string, string>;
	constructor(
		status: number,
		message: string,
		{ type = 'invalid_request_error', param = null, code = null, headers = {} }: Partial<RefusalDetail> = {}
	) {
		super(message);
		this.status = status;
		this.body = { message, type, param, code };
		this.headers = headers;
	}
}

interface RefusalDetail {
	type: string;
	param: string | null;
	code: string | null;
	headers: Record<string, string>;
}

export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
	answerJson(response, refusal.status, { error: refusal.body }, refusal.headers);
}

/** What OpenAI says with each status that can be asked for. */
export function refusalOf(status: number, retryAfter: number | null): Refusal {
	const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
	switch (status) {
		case 401:
			return new Refusal(401, 'Incorrect API key provided. (simulated)', { code: 'invalid_api_key', headers });
		case 402:
		case 429:
			return new Refusal(status, 'Rate limit reached for requests. (simulated)', {
				type: 'requests',
				code: 'rate_limit_exceeded',
				headers
			});
		default:
			return status < 500
				? new Refusal(status, `The request was refused with ${status}. (simulated)`, { headers })
				: new Refusal(status, 'The server had an error while processing your request. (simulated)', {
						type: 'server_error',
						headers
					});
	}
}
