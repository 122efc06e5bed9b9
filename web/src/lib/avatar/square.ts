/** What a picture measures once it is sent: sharp at 128 px on a dense screen. */
export const side = 256;
/** The bucket takes no more (sql/13_avatars.sql). */
export const maxBytes = 262_144;

/** The middle of a picture, as large a square as there is. */
export function middleOf(width: number, height: number): { x: number; y: number; edge: number } {
	const edge = Math.min(width, height);
	return { x: Math.floor((width - edge) / 2), y: Math.floor((height - edge) / 2), edge };
}

/**
 * A file as a small square picture, drawn anew: what else the file held (where it was taken, by which camera) stays behind.
 * Throws what the browser says of a file that is no picture.
 */
export async function squareOf(file: Blob): Promise<Blob> {
	const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
	try {
		const { x, y, edge } = middleOf(bitmap.width, bitmap.height);
		const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
		const drawing = canvas.getContext('2d');
		if (!drawing) throw new Error('no_canvas');
		drawing.imageSmoothingQuality = 'high';
		drawing.drawImage(bitmap, x, y, edge, edge, 0, 0, side, side);
		// A browser that can't write WebP writes PNG; of a photo that is too much.
		for (const type of ['image/webp', 'image/jpeg']) {
			const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.86));
			if (blob && blob.type === type && blob.size <= maxBytes) return blob;
		}
		throw new Error('picture_too_large');
	} finally {
		bitmap.close();
	}
}
