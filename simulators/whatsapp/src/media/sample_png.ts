import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(body.length + 8);
	frame.writeUInt32BE(data.length, 0);
	body.copy(frame, 4);
	frame.writeUInt32BE(crc32(body), body.length + 4);
	return frame;
}

/** Mixes two colours: 0 is the first, 1 the second. */
const mix = (one: readonly number[], other: readonly number[], share: number): number[] =>
	one.map((value, index) => Math.round(value + ((other[index] ?? 0) - value) * share));

/**
 * A small landscape as a real PNG (truecolour, 8 bit): evening sky, sun, two hills. `variant` moves the sun and turns
 * the colours, so two pictures are told apart.
 */
export function samplePng(width = 480, height = 320, variant = 0): Buffer {
	const skies = [
		[
			[255, 183, 120],
			[96, 112, 196]
		],
		[
			[255, 220, 150],
			[90, 170, 200]
		],
		[
			[240, 160, 180],
			[70, 70, 140]
		]
	] as const;
	const [low, high] = skies[Math.abs(variant) % skies.length] ?? skies[0];
	const sun = { x: width * (0.25 + 0.18 * (Math.abs(variant) % 4)), y: height * 0.42, r: height * 0.13 };
	const raw = Buffer.alloc((width * 3 + 1) * height);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			let colour: number[] = mix(high, low, y / (height * 0.75));
			const distance = Math.hypot(x - sun.x, y - sun.y);
			if (distance < sun.r) colour = [255, 244, 214];
			else if (distance < sun.r * 1.6) colour = mix([255, 244, 214], colour, (distance / sun.r - 1) / 0.6);
			if (y > height * (0.66 + 0.09 * Math.sin((x / width) * 5 + variant))) colour = [72, 110, 92];
			if (y > height * (0.78 + 0.07 * Math.sin((x / width) * 7 + 2 + variant))) colour = [42, 78, 66];
			raw.set(colour, y * (width * 3 + 1) + 1 + x * 3);
		}
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(raw)),
		chunk('IEND', Buffer.alloc(0))
	]);
}
