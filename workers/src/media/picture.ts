import { THUMBNAIL_SIZE } from '@prosa/core/media/media.ts';
import sharp from 'sharp';

export interface Picture {
	/** As it is to be looked at: a photo taken upright is higher than wide, however its sensor lay. */
	width: number;
	height: number;
	animated: boolean;
}

/** Larger pictures are kept, and get no thumbnail: 8,000 × 8,000 take 256 MB to unpack, and a bomb far more. */
const MOST_PIXELS = 64_000_000;
const TIMEOUT_S = 20;

sharp.cache(false);
// Jobs run side by side already.
sharp.concurrency(1);
// Everything that libvips could read is an attack surface; these four are what people send.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
	operation: [
		'VipsForeignLoadJpegFile',
		'VipsForeignLoadPngFile',
		'VipsForeignLoadWebpFile',
		'VipsForeignLoadNsgifFile'
	]
});

export const PICTURES = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif']);

/** Measures a picture and writes its thumbnail: WebP, of an animation the first frame. Null when it can't be read as one. */
export async function readPicture(file: string, thumbnail: string): Promise<Picture | null> {
	try {
		const input = () => sharp(file, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
		const { width, height, pageHeight, pages = 1, orientation = 1 } = await input().metadata();
		const upright = { width, height: pageHeight ?? height };
		await input()
			.timeout({ seconds: TIMEOUT_S })
			.autoOrient()
			.resize(THUMBNAIL_SIZE, THUMBNAIL_SIZE, { fit: 'inside', withoutEnlargement: true })
			.webp({ quality: 75 })
			.toFile(thumbnail);
		// From 5 on, EXIF's orientations lie on their side.
		const turned = orientation >= 5;
		return {
			width: turned ? upright.height : upright.width,
			height: turned ? upright.width : upright.height,
			animated: pages > 1
		};
	} catch {
		return null;
	}
}
