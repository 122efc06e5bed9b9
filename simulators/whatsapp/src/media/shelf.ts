import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Journal } from '../state/journal.ts';

/** A file Meta keeps for a number. */
export interface Media {
	id: string;
	phone_number_id: string;
	mime_type: string;
	/** Of the bytes, in hex. */
	sha256: string;
	size: number;
	filename: string | null;
	/** Uploaded by the business, or sent by a customer. */
	origin: 'upload' | 'webhook';
	created_at: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** Meta's own: 30 days for uploads, 7 for what a webhook announced. */
const LIFETIME = { upload: 30 * DAY, webhook: 7 * DAY } as const;
/** A media URL lives five minutes. */
export const URL_LIFETIME = 5 * 60 * 1000;
/** All files together stay below this; the oldest go first. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The media a number uploaded or received, on disk when there is a folder for it. */
export class MediaShelf {
	readonly #clock: Clock;
	readonly #journal: Journal;
	readonly #dir: string | null;
	readonly #media = new Map<string, Media>();
	readonly #bytes = new Map<string, Buffer>();
	/** Signs URLs; a new one for each start, so URLs die with the process as they would with time. */
	#key = randomBytes(32);

	constructor(clock: Clock, journal: Journal, dir: string | null) {
		this.#clock = clock;
		this.#journal = journal;
		this.#dir = dir === null ? null : join(dir, 'media');
		if (this.#dir !== null) mkdirSync(this.#dir, { recursive: true });
		for (const media of journal.all<Media>('media')) this.#media.set(media.id, media);
	}

	add(bytes: Buffer, about: Pick<Media, 'phone_number_id' | 'mime_type' | 'filename' | 'origin'>): Media {
		const media: Media = {
			...about,
			id: `${randomInt(1, 10)}${randomInt(10 ** 14)
				.toString()
				.padStart(14, '0')}`,
			sha256: createHash('sha256').update(bytes).digest('hex'),
			size: bytes.length,
			created_at: this.#clock.now()
		};
		this.#media.set(media.id, media);
		if (this.#dir === null) this.#bytes.set(media.id, bytes);
		else writeFileSync(join(this.#dir, media.id), bytes);
		this.#journal.put('media', media.id, media);
		this.#makeRoom();
		return media;
	}

	/** A file that hasn't expired, or null. */
	get(id: string): Media | null {
		const media = this.#media.get(id);
		return media && this.#clock.now() < media.created_at + LIFETIME[media.origin] ? media : null;
	}

	bytes(id: string): Buffer | null {
		if (this.#dir === null) return this.#bytes.get(id) ?? null;
		const file = join(this.#dir, id);
		return this.#media.has(id) && existsSync(file) ? readFileSync(file) : null;
	}

	remove(id: string): boolean {
		if (!this.#media.delete(id)) return false;
		this.#bytes.delete(id);
		if (this.#dir !== null) rmSync(join(this.#dir, id), { force: true });
		this.#journal.forget('media', id);
		return true;
	}

	/** The address a file can be fetched at for five minutes, of the shape Meta's have. */
	url(base: string, media: Media): string {
		const expires = this.#clock.now() + URL_LIFETIME;
		const query = new URLSearchParams({
			mid: media.id,
			source: media.origin === 'upload' ? 'getMedia' : 'webhook',
			ext: String(expires),
			hash: this.#sign(media.id, expires)
		});
		return `${base}/whatsapp_business/attachments/?${query}`;
	}

	/** The file a media URL names; null when the URL expired, was altered, or the file is gone. */
	open(query: URLSearchParams): Media | null {
		const id = query.get('mid') ?? '';
		const expires = Number(query.get('ext'));
		if (query.get('hash') !== this.#sign(id, expires) || this.#clock.now() >= expires) return null;
		return this.get(id);
	}

	/** Every address given out so far is dead, as after five minutes. */
	expireUrls(): void {
		this.#key = randomBytes(32);
	}

	/** Files of this origin are gone, as after their 7 or 30 days; one of them where an id is given. Gives how many. */
	expire(origin: Media['origin'], id?: string): number {
		const due = [...this.#media.values()].filter((media) => media.origin === origin && (id ?? media.id) === media.id);
		for (const media of due) {
			media.created_at = this.#clock.now() - LIFETIME[origin];
			this.#journal.put('media', media.id, media);
		}
		return due.length;
	}

	reset(): void {
		for (const id of [...this.#media.keys()]) this.remove(id);
	}

	#sign(id: string, expires: number): string {
		return createHmac('sha256', this.#key).update(`${id}|${expires}`).digest('base64url');
	}

	#makeRoom(): void {
		let total = [...this.#media.values()].reduce((sum, media) => sum + media.size, 0);
		for (const media of this.#media.values()) {
			if (total <= MOST_BYTES || this.#media.size === 1) return;
			total -= media.size;
			this.remove(media.id);
		}
	}
}
