/** So many events a key within a window. In memory: a restart forgives. */
export interface Limit {
	/** Seconds until the key may go on; 0 when it may now. */
	wait(key: string): number;
	count(key: string): void;
	forget(key: string): void;
}

const SWEEP_AT = 10_000;

export function createLimit({
	max,
	seconds,
	now = Date.now
}: {
	max: number;
	seconds: number;
	now?: () => number;
}): Limit {
	const windows = new Map<string, { count: number; ends: number }>();
	const current = (key: string) => {
		const window = windows.get(key);
		return window && window.ends > now() ? window : undefined;
	};
	const sweep = () => {
		for (const [key, { ends }] of windows) if (ends <= now()) windows.delete(key);
	};

	return {
		wait(key) {
			const window = current(key);
			return window && window.count >= max ? Math.ceil((window.ends - now()) / 1000) : 0;
		},
		count(key) {
			const window = current(key);
			if (window) window.count += 1;
			else {
				if (windows.size >= SWEEP_AT) sweep();
				windows.set(key, { count: 1, ends: now() + seconds * 1000 });
			}
		},
		forget: (key) => void windows.delete(key)
	};
}
