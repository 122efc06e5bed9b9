/** "512 x 512 pixels" and transparent ground: Cloud API, sticker messages. */
const stickerSide = 512;

export async function isStickerShaped(file: Blob): Promise<boolean> {
	const picture = await createImageBitmap(file).catch(() => null);
	if (!picture) return false;
	const { width, height } = picture;
	picture.close();
	return width === stickerSide && height === stickerSide;
}

/** Whether a webp moves: bit 1 of the flags in its VP8X header (developers.google.com/speed/webp/docs/riff_container). */
export async function isAnimated(webp: Blob): Promise<boolean> {
	const head = new Uint8Array(await webp.slice(0, 21).arrayBuffer());
	const chunk = String.fromCharCode(...head.slice(12, 16));
	return chunk === 'VP8X' && ((head[20] ?? 0) & 0b10) !== 0;
}

/** A picture as a JPEG on white, as WhatsApp takes it, no larger than a side. Throws where the browser can't read it. */
export async function toJpeg(source: Blob | HTMLVideoElement, side = Infinity): Promise<Blob> {
	const picture = await createImageBitmap(source);
	const scale = Math.min(1, side / Math.max(picture.width, picture.height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.round(picture.width * scale);
	canvas.height = Math.round(picture.height * scale);
	const pen = canvas.getContext('2d');
	if (!pen) throw new Error('no canvas here');
	pen.fillStyle = '#fff';
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
	picture.close();
	return new Promise((resolve, reject) =>
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.9)
	);
}
