import { readFileSync } from 'node:fs';
import type { SeededRandom } from '../random.ts';
import { samplePdf } from './sample_pdf.ts';

export interface Sample {
	bytes: Buffer;
	mimeType: string;
	filename: string | null;
}

/** Real files, small ones; samples/make.ts made them. */
const FOLDER = new URL('../../samples/', import.meta.url);
/** A photo that EXIF turns, and two that lie as they are. */
const PHOTOS = ['foto.jpg', 'bolo.jpg', 'painel.jpg'];

const read = (name: string, mimeType: string): Sample => ({
	bytes: readFileSync(new URL(name, FOLDER)),
	mimeType,
	filename: null
});

/** What somebody sends who chose no file of their own. */
export function sampleOf(
	action: { kind: string; animated?: boolean | undefined; filename?: string | undefined },
	random: SeededRandom
): Sample {
	switch (action.kind) {
		case 'image':
			return read(PHOTOS[Math.floor(random.next('picture') * PHOTOS.length)] ?? 'foto.jpg', 'image/jpeg');
		case 'sticker':
			return read(action.animated === true ? 'figurinha-animada.webp' : 'figurinha.webp', 'image/webp');
		case 'video':
			return read('video.mp4', 'video/mp4');
		case 'document':
			return { bytes: samplePdf(action.filename), mimeType: 'application/pdf', filename: 'comprovante.pdf' };
		default:
			return read('voz.ogg', 'audio/ogg; codecs=opus');
	}
}
