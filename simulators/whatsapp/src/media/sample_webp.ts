/** Bits of a lossless WebP stream, least significant first. */
class BitWriter {
	readonly #bytes: number[] = [];
	#bit = 0;

	write(value: number, count: number): void {
		for (let index = 0; index < count; index++) {
			if (this.#bit === 0) this.#bytes.push(0);
			const last = this.#bytes.length - 1;
			this.#bytes[last] = (this.#bytes[last] ?? 0) | (((value >> index) & 1) << this.#bit);
			this.#bit = (this.#bit + 1) % 8;
		}
	}

	bytes(): Buffer {
		return Buffer.from(this.#bytes);
	}
}

/** A prefix code of one or two eight-bit symbols: the second costs one bit a use, a lone one costs none. */
function simpleCode(bits: BitWriter, first: number, second?: number): void {
	bits.write(1, 1);
	bits.write(second === undefined ? 0 : 1, 1);
	bits.write(1, 1);
	bits.write(first, 8);
	if (second !== undefined) bits.write(second, 8);
}

/** What stands at a point of the face, from -1 to 1 both ways: nothing, skin, or features. */
function face(x: number, y: number): 'clear' | 'skin' | 'dark' {
	const radius = Math.hypot(x, y);
	if (radius > 0.95) return 'clear';
	const eye = Math.hypot((Math.abs(x) - 0.34) / 0.75, y + 0.24) < 0.13;
	const smile = y > 0.12 && radius > 0.5 && radius < 0.64 && Math.abs(x) < 0.52;
	return eye || smile || radius > 0.9 ? 'dark' : 'skin';
}

/**
 * A smiling face on a clear background as a real lossless WebP. Each channel needs two values at most, so every pixel is
 * three bits of simple prefix codes and no transform is needed.
 * @see https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification
 */
export function sampleWebp(size = 192): Buffer {
	const bits = new BitWriter();
	bits.write(size - 1, 14);
	bits.write(size - 1, 14);
	bits.write(1, 1); // alpha is used
	bits.write(0, 3); // version
	bits.write(0, 1); // no transform
	bits.write(0, 1); // no colour cache
	bits.write(0, 1); // one set of codes for the whole picture
	simpleCode(bits, 44, 200); // green
	simpleCode(bits, 60, 255); // red
	simpleCode(bits, 48); // blue
	simpleCode(bits, 0, 255); // alpha
	bits.write(1, 1); // distances, unused: one symbol of one bit
	bits.write(0, 1);
	bits.write(0, 1);
	bits.write(0, 1);
	for (let row = 0; row < size; row++) {
		for (let column = 0; column < size; column++) {
			const part = face((column / (size - 1)) * 2 - 1, (row / (size - 1)) * 2 - 1);
			bits.write(part === 'skin' ? 1 : 0, 1);
			bits.write(part === 'skin' ? 1 : 0, 1);
			bits.write(part === 'clear' ? 0 : 1, 1);
		}
	}
	const data = Buffer.concat([Buffer.from([0x2f]), bits.bytes()]);
	const padded = data.length % 2 === 0 ? data : Buffer.concat([data, Buffer.alloc(1)]);
	const head = Buffer.alloc(20);
	head.write('RIFF', 0, 'latin1');
	head.writeUInt32LE(padded.length + 12, 4);
	head.write('WEBPVP8L', 8, 'latin1');
	head.writeUInt32LE(data.length, 16);
	return Buffer.concat([head, padded]);
}
