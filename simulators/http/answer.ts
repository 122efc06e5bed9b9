import type { ServerResponse } from 'node:http';

/** Answers with JSON. */
export function answerJson(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string> = {}
): void {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		'content-type': 'application/json; charset=UTF-8',
		'content-length': Buffer.byteLength(text),
		'cache-control': 'no-store',
		...headers
	});
	response.end(text);
}

/** Where the caller reached us, to build addresses that lead back. */
export const baseUrl = (host: string | undefined, port: number): string => `http://${host ?? `localhost:${port}`}`;
