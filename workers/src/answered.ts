/** Longer than any statement of ours waits for a lock. */
const PATIENCE_MS = 60_000;

/**
 * What a query gives, or an error when it is not settled in time: postgres.js 3.4 never settles one that it hands to a
 * socket in the moment this is being reset, and a job that waited for it would hold its conversation's queue for ever.
 */
export async function answered<T>(query: PromiseLike<T>, patience = PATIENCE_MS): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const silence = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`the database has not answered within ${patience / 1000} s`)), patience);
	});
	try {
		return await Promise.race([query, silence]);
	} finally {
		clearTimeout(timer);
	}
}
