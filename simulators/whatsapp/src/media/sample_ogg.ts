/** Ogg's own checksum: polynomial 0x04c11db7, not reflected, nothing inverted. */
const table = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index << 24;
	for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
	return value >>> 0;
});

function checksum(bytes: Buffer): number {
	let sum = 0;
	for (const byte of bytes) sum = ((sum << 8) ^ (table[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
	return sum;
}

function page(packets: Buffer[], sequence: number, granule: number, flags: number): Buffer {
	const head = Buffer.alloc(27 + packets.length);
	head.write('OggS', 0, 'latin1');
	head[5] = flags;
	head.writeBigUInt64LE(BigInt(granule), 6);
	head.writeUInt32LE(0x50524f53, 14);
	head.writeUInt32LE(sequence, 18);
	head[26] = packets.length;
	packets.forEach((packet, index) => (head[27 + index] = packet.length));
	const whole = Buffer.concat([head, ...packets]);
	whole.writeUInt32LE(checksum(whole), 22);
	return whole;
}

/**
 * A voice note as a real Ogg Opus file: mono, 48 kHz, `seconds` of silence (an Opus frame of 20 ms that says "nothing"
 * is three bytes).
 */
export function sampleOgg(seconds = 3): Buffer {
	const head = Buffer.alloc(19);
	head.write('OpusHead', 0, 'latin1');
	head[8] = 1;
	head[9] = 1;
	head.writeUInt16LE(312, 10);
	head.writeUInt32LE(48_000, 12);
	const vendor = Buffer.from('prosa', 'latin1');
	const tags = Buffer.alloc(8 + 4 + vendor.length + 4);
	tags.write('OpusTags', 0, 'latin1');
	tags.writeUInt32LE(vendor.length, 8);
	vendor.copy(tags, 12);
	const pages = [page([head], 0, 0, 2), page([tags], 1, 0, 0)];
	const frames = Math.max(1, Math.round(seconds * 50));
	for (let done = 0, sequence = 2; done < frames; sequence++) {
		const count = Math.min(50, frames - done);
		done += count;
		const silence = Array.from({ length: count }, () => Buffer.from([0xf8, 0xff, 0xfe]));
		pages.push(page(silence, sequence, 312 + done * 960, done === frames ? 4 : 0));
	}
	return Buffer.concat(pages);
}
