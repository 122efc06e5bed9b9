/**
 * One key for every way a phone number is written, so that one person is one contact. Digits only, and:
 * - Brazil: a mobile without the ninth digit gets it (55 11 8765-4321 is 55 11 98765-4321). Only where the eight digits
 *   begin with 6 to 9; 2 to 5 are landlines, which never had one.
 * - Mexico: the 1 once needed before mobiles goes (52 1 55… is 52 55…).
 * - Argentina: the 9 before mobiles goes (54 9 11… is 54 11…).
 * Null when it is no international number: fewer than 6 digits, more than 20, or a leading zero.
 */
export function phoneKey(written: string): string | null {
	const digits = written.replace(/\D/g, '').replace(/^00/, '');
	if (!/^[1-9]\d{5,19}$/.test(digits)) return null;
	if (/^55[1-9]\d[6-9]\d{7}$/.test(digits)) return `${digits.slice(0, 4)}9${digits.slice(4)}`;
	if (/^521\d{10}$/.test(digits)) return `52${digits.slice(3)}`;
	if (/^549\d{10}$/.test(digits)) return `54${digits.slice(3)}`;
	return digits;
}
