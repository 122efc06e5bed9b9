import { createDecipheriv, createECDH, createHmac, randomBytes } from 'node:crypto';

const hmac = (key: Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest();
/** HKDF of one block, as RFC 8291 uses it. */
const derive = (salt: Buffer, input: Buffer, info: Buffer, length: number) =>
	hmac(hmac(salt, input), Buffer.concat([info, Buffer.from([1])])).subarray(0, length);

/** A device's half of the encryption: made when it subscribes, and never told to anybody but its browser. */
export class DeviceKeys {
	#pair = createECDH('prime256v1');
	readonly auth = randomBytes(16);

	constructor() {
		this.#pair.generateKeys();
	}

	get p256dh(): string {
		return this.#pair.getPublicKey('base64url', 'uncompressed');
	}

	/** Reads an aes128gcm body (RFC 8188, 8291). Throws what is wrong with it. */
	decrypt(body: Buffer): string {
		if (body.length < 21) throw new Error('the body is too short for a header');
		const salt = body.subarray(0, 16);
		const recordSize = body.readUInt32BE(16);
		const idLength = body.readUInt8(20);
		if (idLength !== 65) throw new Error(`the key id is ${idLength} bytes, not the 65 of a public key`);
		const theirs = body.subarray(21, 21 + idLength);
		const record = body.subarray(21 + idLength);
		if (record.length > recordSize) throw new Error('there is more than one record');
		if (record.length > 4_096) throw new Error('the payload is larger than a push service takes');
		const shared = this.#pair.computeSecret(theirs);
		const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), theirs]);
		const input = derive(this.auth, shared, info, 32);
		const key = derive(salt, input, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
		const nonce = derive(salt, input, Buffer.from('Content-Encoding: nonce\0'), 12);
		const decipher = createDecipheriv('aes-128-gcm', key, nonce);
		decipher.setAuthTag(record.subarray(-16));
		const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
		const end = padded.lastIndexOf(2);
		if (end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0))
			throw new Error('the record has no delimiter');
		return padded.subarray(0, end).toString('utf8');
	}
}
