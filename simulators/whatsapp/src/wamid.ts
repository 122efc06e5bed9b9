import { randomBytes } from 'node:crypto';

/**
 * A message id of WhatsApp's own shape: base64 of a small record that names the person's number, the side it came from
 * and a random key (20 hex digits that begin with 3A for a phone, 18 for the API). Real ids look like
 * `wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=`; being random they stay unique across restarts.
 */
export function newWamid(address: string, side: 'phone' | 'api'): string {
	const person = Buffer.from(address.replace(/[^0-9A-Za-z.]/g, '').slice(0, 40) || '0', 'latin1');
	const hex = randomBytes(9).toString('hex').toUpperCase();
	const key = Buffer.from(side === 'phone' ? `3A${hex}` : hex, 'latin1');
	return `wamid.${Buffer.concat([
		Buffer.from([0x1c, 0x18, person.length]),
		person,
		Buffer.from([0x15, 0x02, 0x00, side === 'phone' ? 0x12 : 0x11, 0x18, key.length]),
		key,
		Buffer.from([0x00])
	]).toString('base64')}`;
}
