import { checkFile, kindOf, metaType } from '@prosa/core/whatsapp/outgoing/media.ts';
import type { Prepared } from './attachment.svelte.ts';
import { isAnimated, isStickerShaped, toJpeg } from './picture.ts';

/** Types that some systems don't tell, by a name's ending. */
const byEnding = new Map([
	['amr', 'audio/amr'],
	['m4a', 'audio/mp4'],
	['oga', 'audio/ogg'],
	['ogg', 'audio/ogg'],
	['opus', 'audio/ogg'],
	['3gp', 'video/3gpp'],
	['webp', 'image/webp'],
	['heic', 'image/heic']
]);

/** Pictures WhatsApp doesn't take, which are the same picture as a JPEG. */
const pictures = ['image/webp', 'image/avif', 'image/bmp', 'image/heic'];

export function typeOf({ type, name }: { type: string; name: string }): string {
	const ending = name.toLowerCase().split('.').at(-1) ?? '';
	return metaType(type) || byEnding.get(ending) || 'application/octet-stream';
}

/** As what a file goes out: a webp of a sticker's size is a sticker, another one the picture that it is. */
export async function prepare(file: File): Promise<Prepared> {
	const type = typeOf(file);
	if (type === 'image/webp' && (await isStickerShaped(file))) {
		const animated = await isAnimated(file);
		const fault = checkFile('sticker', { type, size: file.size }, animated);
		if (!fault) return { file, name: file.name, kind: 'sticker', type, animated, fault };
	}
	return prepareKept(file);
}

/** The same where there are no stickers: a file that is kept. */
export async function prepareKept(file: File): Promise<Prepared> {
	const type = typeOf(file);
	if (pictures.includes(type)) {
		const jpeg = await toJpeg(file).catch(() => null);
		if (jpeg) {
			const name = `${file.name.replace(/\.[^.]*$/, '')}.jpg`;
			return as('image', { file: jpeg, name, type: 'image/jpeg' });
		}
	}
	return as(kindOf(type) ?? 'document', { file, name: file.name, type });
}

/** Larger than any phone's screen, and as a JPEG well under 5 MB. */
const shrunkSide = 2560;

/** A picture small enough to be sent; null where the browser can't read it. */
export async function shrink({ file, name }: Pick<Prepared, 'file' | 'name'>): Promise<Prepared | null> {
	const jpeg = await toJpeg(file, shrunkSide).catch(() => null);
	return jpeg && as('image', { file: jpeg, name: `${name.replace(/\.[^.]*$/, '')}.jpg`, type: 'image/jpeg' });
}

/** The same file as a kind of one's choice, with what WhatsApp would say to it. */
export function as(kind: Prepared['kind'], { file, name, type }: Pick<Prepared, 'file' | 'name' | 'type'>): Prepared {
	return { file, name, kind, type, fault: checkFile(kind, { type, size: file.size }) };
}
