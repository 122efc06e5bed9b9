import { SetupProblem, type AskGraph } from '@prosa/core/whatsapp/setup/problem.ts';

const TIMEOUT_MS = 10_000;

/** Calls the Graph API with a token. Reads only, so a lost answer may simply be asked for again. */
export function askGraphAt(url: string, version: string, token: string): AskGraph {
	const base = `${url.replace(/\/+$/, '')}/${version}`;
	return async (method, path, query = {}) => {
		try {
			const response = await fetch(`${base}/${path}?${new URLSearchParams(query).toString()}`, {
				method,
				headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
				redirect: 'error',
				signal: AbortSignal.timeout(TIMEOUT_MS)
			});
			const body: unknown = await response.json().catch(() => undefined);
			return { status: response.status, body };
		} catch {
			throw new SetupProblem('graph_unreachable');
		}
	};
}
