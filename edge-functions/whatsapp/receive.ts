import type { Delivery } from './delivery.ts';

/** What became of a delivery's events. */
export interface Received {
	stored: number;
	duplicate: number;
	failed: number;
}

/** One call of `private.receive` with a JSON array of deliveries. */
export type Call = (deliveries: string) => Promise<Received[]>;

const TRIES = 5;

/**
 * Hands a batch to the database and settles every delivery of it. A deadlock, serialization failure or broken connection is tried again.
 * When the batch fails because of something in it, halves are tried, so that all others go through; the one that is at
 * fault is kept raw, without its events. Everything else (database away, function missing) rejects: the sender retries.
 */
export async function receiveAll(call: Call, deliveries: Delivery[]): Promise<PromiseSettledResult<Received>[]> {
	try {
		const results = await callAgain(call, `[${deliveries.map(({ json }) => json).join(',')}]`);
		if (results.length !== deliveries.length)
			throw new Error('private.receive answered for another number of deliveries');
		return results.map((value) => ({ status: 'fulfilled', value }));
	} catch (error) {
		if (!isPoison(error)) return deliveries.map(() => ({ status: 'rejected', reason: error }));
		if (deliveries.length === 1) return [await keepBare(call, deliveries[0] as Delivery, error)];
		const middle = deliveries.length >> 1;
		return [
			...(await receiveAll(call, deliveries.slice(0, middle))),
			...(await receiveAll(call, deliveries.slice(middle)))
		];
	}
}

async function keepBare(call: Call, delivery: Delivery, cause: unknown): Promise<PromiseSettledResult<Received>> {
	const reason = `receive_failed ${codeOf(cause)}: ${cause instanceof Error ? cause.message : String(cause)}`;
	console.error('a webhook could not be taken and is kept raw:', reason);
	try {
		const [value] = await callAgain(call, `[${delivery.bare(reason.replaceAll('\0', ''))}]`);
		if (!value) throw new Error('private.receive gave no answer');
		return { status: 'fulfilled', value };
	} catch (error) {
		return { status: 'rejected', reason: error };
	}
}

/** Twice is once for the database, so a call whose connection broke (57P01: restarted) may be repeated too. */
async function callAgain(call: Call, deliveries: string): Promise<Received[]> {
	for (let tries = 1; ; tries++) {
		try {
			return await call(deliveries);
		} catch (error) {
			if (tries === TRIES || !/^(40...|57P01|CONNECTION_CLOSED|CONNECTION_ENDED)$/.test(codeOf(error))) throw error;
			// apart, so that two doors do not meet again
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
		}
	}
}

/**
 * Errors that the data itself causes: cardinality (21), data exception (22), constraint (23), limits such as an index
 * row's size (54), raised by our functions (P0, PT). Anything else would fail for every delivery alike.
 */
function isPoison(error: unknown): boolean {
	return /^(21|22|23|54|P0|PT)...$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
	return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
