import { SetupProblem, type AskGraph } from '@prosa/core/whatsapp/setup/problem.ts';

const TIMEOUT = 10_000;

/** Makes calls of the Graph API with a token: in the header, never in an address that somebody logs. */
export function askGraphAt(url: string, version: string): (token: string) => AskGraph {
	const base = `${url.replace(/\/+$/, '')}/${version}`;
	return (token) =>
		async (method, path, query = {}) => {
			try {
				const response = await fetch(`${base}/${path}?${new URLSearchParams(query)}`, {
					method,
					headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
					redirect: 'error',
					signal: AbortSignal.timeout(TIMEOUT)
				});
				const body: unknown = await response.json().catch(() => undefined);
				return { status: response.status, body };
			} catch {
				throw new SetupProblem('graph_unreachable');
			}
		};
}
