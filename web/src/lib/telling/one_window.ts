/**
 * Of all windows one sounds, and none where somebody already looks: a lock of the browser's, which every window asks for.
 * The one that is looked at asks first and keeps silent; whoever gets the other lock sounds, and holds it for a while, so
 * that a flood of news is one sound.
 */
export interface Locks {
	request(name: string, options: { ifAvailable: true }, act: (lock: unknown) => Promise<unknown>): Promise<unknown>;
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const quietMs = 2_500;

/** Answers whether this window is the one that sounds for this news. `looks`: it shows it already, and somebody sees it. */
export async function mayRing(locks: Locks, key: string, looks: boolean, pause = wait): Promise<boolean> {
	const news = `prosa:looked:${key}`;
	if (looks) {
		void locks.request(news, { ifAvailable: true }, async (lock) => lock && pause(quietMs));
		return false;
	}
	// The window that looks has asked by then.
	await pause(120);
	const seen = (await locks.request(news, { ifAvailable: true }, (lock) => Promise.resolve(lock === null))) === true;
	if (seen) return false;
	return new Promise<boolean>((resolve) => {
		void locks.request('prosa:sound', { ifAvailable: true }, async (lock) => {
			resolve(lock !== null);
			if (lock !== null) await pause(quietMs);
		});
	});
}
