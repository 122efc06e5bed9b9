/** Error correction bytes a block, and blocks, for level M by version (ISO/IEC 18004, table 9); index 0 is unused. */
const ECC_BYTES = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

/** Bytes with their error correction, in the order they are laid, and the smallest version that holds them. */
export function finishBlocks(data: Uint8Array): { version: number; codewords: number[] } {
	const version = ECC_BYTES.findIndex(
		(_, candidate) => candidate > 0 && data.length <= capacity(candidate) - headerBytes(candidate)
	);
	if (version < 0) throw new RangeError(`${data.length} bytes are too many for a QR code`);
	const eccBytes = ECC_BYTES[version] ?? 0;
	const blocks = splitBlocks(pad(data, version), version);
	const generator = generatorPolynomial(eccBytes);
	const corrections = blocks.map((block) => remainder(block, generator));
	return { version, codewords: [...interleave(blocks), ...interleave(corrections)] };
}

/** Mode and length take 12 bits up to version 9 and 20 bits from 10 on. */
const headerBytes = (version: number) => (version < 10 ? 2 : 3);

/** All bytes of a version: its modules without the function patterns. */
function rawBytes(version: number): number {
	let modules = (16 * version + 128) * version + 64;
	if (version >= 2) {
		const centres = Math.floor(version / 7) + 2;
		modules -= (25 * centres - 10) * centres - 55;
		if (version >= 7) modules -= 36;
	}
	return Math.floor(modules / 8);
}

const capacity = (version: number) => rawBytes(version) - (ECC_BYTES[version] ?? 0) * (BLOCKS[version] ?? 0);

function pad(data: Uint8Array, version: number): number[] {
	const length = data.length.toString(2).padStart(version < 10 ? 8 : 16, '0');
	const text = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
	const bits = `0100${length}${text}0000`;
	const bytes = (bits.match(/.{1,8}/g) ?? [])
		.map((byte) => parseInt(byte.padEnd(8, '0'), 2))
		.slice(0, capacity(version));
	for (let filler = 0xec; bytes.length < capacity(version); filler ^= 0xec ^ 0x11) bytes.push(filler);
	return bytes;
}

/** The first blocks are the shorter ones. */
function splitBlocks(bytes: number[], version: number): number[][] {
	const count = BLOCKS[version] ?? 1;
	const short = Math.floor(bytes.length / count);
	const longer = bytes.length % count;
	let from = 0;
	return Array.from({ length: count }, (_, index) => {
		const length = short + (index >= count - longer ? 1 : 0);
		from += length;
		return bytes.slice(from - length, from);
	});
}

function interleave(blocks: number[][]): number[] {
	const longest = Math.max(...blocks.map(({ length }) => length));
	return Array.from({ length: longest }, (_, index) => blocks.flatMap((block) => block[index] ?? [])).flat();
}

/** Multiplication in GF(256) modulo x⁸ + x⁴ + x³ + x² + 1. */
function multiply(a: number, b: number): number {
	let product = 0;
	for (let bit = 7; bit >= 0; bit--) {
		product = (product << 1) ^ ((product >> 7) * 0x11d);
		product ^= ((b >> bit) & 1) * a;
	}
	return product;
}

/** The product of (x − 2⁰)(x − 2¹)…, without its leading 1. */
function generatorPolynomial(degree: number): number[] {
	const coefficients = [...Array<number>(degree - 1).fill(0), 1];
	let root = 1;
	for (let i = 0; i < degree; i++) {
		for (let j = 0; j < degree; j++)
			coefficients[j] = multiply(coefficients[j] ?? 0, root) ^ (coefficients[j + 1] ?? 0);
		root = multiply(root, 2);
	}
	return coefficients;
}

function remainder(data: number[], generator: number[]): number[] {
	const result = generator.map(() => 0);
	for (const byte of data) {
		const factor = byte ^ (result.shift() ?? 0);
		result.push(0);
		for (const [index, coefficient] of generator.entries())
			result[index] = (result[index] ?? 0) ^ multiply(coefficient, factor);
	}
	return result;
}
