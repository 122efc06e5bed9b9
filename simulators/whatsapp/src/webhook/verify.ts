import { randomInt } from 'node:crypto';

/** Asks a webhook to prove that it is meant, as Meta does when an address is set: it must echo the challenge. */
export async function verify(url: string, verifyToken: string): Promise<{ verified: boolean; status: number }> {
	const challenge = String(randomInt(10 ** 9));
	const address = new URL(url);
	address.searchParams.set('hub.mode', 'subscribe');
	address.searchParams.set('hub.challenge', challenge);
	address.searchParams.set('hub.verify_token', verifyToken);
	try {
		const answer = await fetch(address, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
		const text = await answer.text();
		return { verified: answer.status === 200 && text === challenge, status: answer.status };
	} catch {
		return { verified: false, status: 0 };
	}
}
