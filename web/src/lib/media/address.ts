import { MEDIA_BUCKET } from '@prosa/core/media/media.ts';
import type { Session } from '../auth/session.svelte.ts';

/** How long a signed address lives, and how long before its end it is no longer handed out: a film is watched for a while. */
const livesSeconds = 3_600;
const marginMs = 10 * 60_000;
/** The most paths one request signs. */
const batchSize = 100;

/** Signs paths of the bucket; null for one that may not be seen, or is not there. */
export type Sign = (paths: string[], seconds: number) => Promise<Map<string, string | null>>;

/** One path as Storage answers it. */
interface Signed {
	path: string;
	/** Below `storage/v1`; null for one that may not be seen, or is not there. */
	signedURL: string | null;
}

interface Known {
	address: Promise<string | null>;
	until: number;
}

/** Signed addresses of files, asked for together and kept until shortly before they end. */
export class MediaAddresses {
	#sign: Sign;
	#now: () => number;
	#known = new Map<string, Known>();
	#waiting: { path: string; answer: (address: string | null) => void; fail: (problem: unknown) => void }[] = [];

	constructor(sign: Sign, now: () => number = Date.now) {
		this.#sign = sign;
		this.#now = now;
	}

	/** Where a file can be read; null when it may not be seen or is gone. Throws when nobody could be asked. */
	of(path: string): Promise<string | null> {
		const known = this.#known.get(path);
		if (known && known.until > this.#now()) return known.address;
		const address = new Promise<string | null>((answer, fail) => {
			this.#waiting.push({ path, answer, fail });
			if (this.#waiting.length === 1) queueMicrotask(() => void this.#ask());
		});
		this.#known.set(path, { address, until: this.#now() + livesSeconds * 1_000 - marginMs });
		// What could not be asked, or was not there yet, is asked again the next time.
		const forget = () => this.#known.get(path)?.address === address && this.#known.delete(path);
		address.then((found) => found === null && forget(), forget);
		return address;
	}

	/** Asks anew for an address that was refused (400, 403): its key was changed, or this browser's clock is wrong. */
	renew(path: string): Promise<string | null> {
		this.#known.delete(path);
		return this.of(path);
	}

	async #ask() {
		const asked = this.#waiting;
		this.#waiting = [];
		for (let start = 0; start < asked.length; start += batchSize) {
			const part = asked.slice(start, start + batchSize);
			try {
				const found = await this.#sign([...new Set(part.map(({ path }) => path))], livesSeconds);
				for (const { path, answer } of part) answer(found.get(path) ?? null);
			} catch (problem) {
				for (const { fail } of part) fail(problem);
			}
		}
	}
}

const bySession = new WeakMap<Session, MediaAddresses>();

/** The addresses of one signed-in person: they end with the session. */
export function mediaAddresses(session: Session): MediaAddresses {
	const known = bySession.get(session);
	if (known) return known;
	const made = new MediaAddresses(async (paths, seconds) => {
		const { client } = session;
		const answer = await client.post(`storage/v1/object/sign/${MEDIA_BUCKET}`, { expiresIn: seconds, paths });
		if (!answer.ok) throw new Error(`storage answered ${answer.status}`);
		const signed: Signed[] = await answer.json();
		return new Map(
			signed.map(({ path, signedURL }) => [path, signedURL && encodeURI(`${client.url}/storage/v1${signedURL}`)])
		);
	});
	bySession.set(session, made);
	return made;
}

/** The same address, as one that a browser saves under a name. */
export function downloadAddress(address: string, filename: string): string {
	const url = new URL(address);
	url.searchParams.set('download', filename);
	return url.href;
}
