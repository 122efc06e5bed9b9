import { finishBlocks } from './qr_blocks.ts';

/** Square of modules: true is dark. Undefined while drawing: not yet decided. */
type Matrix = (boolean | undefined)[][];

/**
 * A text as a QR code in SVG (ISO/IEC 18004: byte mode, error correction M), with the quiet zone scanners ask for. Written
 * here because the browser shows it as it comes and no package in the tree draws one.
 */
export function qrSvg(text: string): string {
	const modules = qrModules(text);
	const size = modules.length + 8;
	const dark = modules
		.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
		.join('');
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 4}" height="${size * 4}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${dark}"/></svg>`;
}

/** The modules of the smallest code that holds the text. */
export function qrModules(text: string): boolean[][] {
	const { version, codewords } = finishBlocks(Buffer.from(text, 'utf8'));
	const drawn = drawFunctionPatterns(version);
	const order = dataModules(drawn);
	const bits = codewords.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => ((byte >> (7 - bit)) & 1) === 1));

	const candidates = MASKS.map((mask, number) => {
		const matrix = drawn.map((row) => [...row]);
		for (const [index, [x, y]] of order.entries()) set(matrix, x, y, (bits[index] ?? false) !== mask(x, y));
		drawFormat(matrix, number);
		return matrix.map((row) => row.map((module) => module === true));
	});
	return candidates.reduce((best, candidate) => (penalty(candidate) < penalty(best) ? candidate : best));
}

const MASKS: ((x: number, y: number) => boolean)[] = [
	(x, y) => (x + y) % 2 === 0,
	(_x, y) => y % 2 === 0,
	(x) => x % 3 === 0,
	(x, y) => (x + y) % 3 === 0,
	(x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
	(x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
	(x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
	(x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0
];

function set(matrix: Matrix, x: number, y: number, dark: boolean): void {
	const row = matrix[y];
	if (row && x >= 0 && x < row.length) row[x] = dark;
}

function drawFunctionPatterns(version: number): Matrix {
	const size = version * 4 + 17;
	const matrix: Matrix = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined));
	for (let i = 0; i < size; i++) {
		set(matrix, 6, i, i % 2 === 0);
		set(matrix, i, 6, i % 2 === 0);
	}
	for (const [x, y] of [
		[3, 3],
		[size - 4, 3],
		[3, size - 4]
	] as const)
		drawRings(matrix, x, y, 4, [0, 1, 3]);
	const centres = alignmentCentres(version, size);
	const last = centres.length - 1;
	for (const [i, x] of centres.entries()) {
		for (const [j, y] of centres.entries()) {
			const onFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
			if (!onFinder) drawRings(matrix, x, y, 2, [0, 2]);
		}
	}
	drawFormat(matrix, 0); // keeps the place free; drawn again with the mask
	if (version >= 7) drawVersion(matrix, version);
	return matrix;
}

/** A pattern of rings around a centre: those at the given distances are dark. */
function drawRings(matrix: Matrix, x: number, y: number, radius: number, dark: number[]): void {
	for (let dy = -radius; dy <= radius; dy++) {
		for (let dx = -radius; dx <= radius; dx++)
			set(matrix, x + dx, y + dy, dark.includes(Math.max(Math.abs(dx), Math.abs(dy))));
	}
}

function alignmentCentres(version: number, size: number): number[] {
	if (version === 1) return [];
	const count = Math.floor(version / 7) + 2;
	const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
	return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - step * (count - 2 - index))];
}

/** Fifteen bits twice: error correction M and the mask, protected by a BCH code. */
function drawFormat(matrix: Matrix, mask: number): void {
	const size = matrix.length;
	let remainder = mask;
	for (let i = 0; i < 10; i++) remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
	const bits = ((mask << 10) | remainder) ^ 0x5412;
	const bit = (index: number) => ((bits >> index) & 1) === 1;
	for (let i = 0; i <= 5; i++) set(matrix, 8, i, bit(i));
	set(matrix, 8, 7, bit(6));
	set(matrix, 8, 8, bit(7));
	set(matrix, 7, 8, bit(8));
	for (let i = 9; i < 15; i++) set(matrix, 14 - i, 8, bit(i));
	for (let i = 0; i < 8; i++) set(matrix, size - 1 - i, 8, bit(i));
	for (let i = 8; i < 15; i++) set(matrix, 8, size - 15 + i, bit(i));
	set(matrix, 8, size - 8, true);
}

function drawVersion(matrix: Matrix, version: number): void {
	let remainder = version;
	for (let i = 0; i < 12; i++) remainder = (remainder << 1) ^ ((remainder >> 11) * 0x1f25);
	const bits = (version << 12) | remainder;
	for (let i = 0; i < 18; i++) {
		const far = matrix.length - 11 + (i % 3);
		const near = Math.floor(i / 3);
		set(matrix, far, near, ((bits >> i) & 1) === 1);
		set(matrix, near, far, ((bits >> i) & 1) === 1);
	}
}

/** The modules left for data, in the zigzag order in which bits are laid: pairs of columns from the right, up and down. */
function dataModules(matrix: Matrix): [x: number, y: number][] {
	const size = matrix.length;
	const order: [number, number][] = [];
	let upwards = true;
	for (let right = size - 1; right >= 1; right -= 2) {
		if (right === 6) right = 5;
		for (let step = 0; step < size; step++) {
			const y = upwards ? size - 1 - step : step;
			for (const x of [right, right - 1]) if (matrix[y]?.[x] === undefined) order.push([x, y]);
		}
		upwards = !upwards;
	}
	return order;
}

/** How hard a code is on scanners: long runs, blocks of one colour, patterns like a finder's, imbalance. */
function penalty(modules: boolean[][]): number {
	const size = modules.length;
	const columns = modules.map((_, x) => modules.map((row) => row[x] === true));
	let points = 0;
	for (const line of [...modules, ...columns]) {
		const text = line.map((dark) => (dark ? '1' : '0')).join('');
		for (const [run] of text.matchAll(/1{5,}|0{5,}/g)) points += run.length - 2;
		for (const _ of text.matchAll(/(?=10111010000|00001011101)/g)) points += 40;
	}
	for (let y = 0; y + 1 < size; y++) {
		for (let x = 0; x + 1 < size; x++) {
			const dark = modules[y]?.[x];
			if (dark === modules[y]?.[x + 1] && dark === modules[y + 1]?.[x] && dark === modules[y + 1]?.[x + 1]) points += 3;
		}
	}
	const share = modules.flat().filter(Boolean).length / (size * size);
	return points + Math.floor(Math.abs(share * 100 - 50) / 5) * 10;
}
