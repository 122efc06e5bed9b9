/*
 * Brazil's numbers, by their check digits. CNPJs carry letters since July 2026 (Instrução Normativa RFB 2.229): a letter
 * counts as its code less 48, by the same weights.
 */

/** The eleven digits of a CPF, however written; null for what is none. */
export function readCpf(written: string): string | null {
	const digits = written.replace(/[\s.\-/]/g, '');
	if (!/^\d{11}$/.test(digits) || /^(\d)\1{10}$/.test(digits)) return null;
	return checkDigit(digits, 9, 10) && checkDigit(digits, 10, 11) ? digits : null;
}

function checkDigit(digits: string, length: number, weight: number): boolean {
	let sum = 0;
	for (let place = 0; place < length; place++) sum += Number(digits[place]) * (weight - place);
	return ((sum * 10) % 11) % 10 === Number(digits[length]);
}

const CNPJ_WEIGHTS = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

/** The fourteen places of a CNPJ, however written; null for what is none. */
export function readCnpj(written: string): string | null {
	const places = written.replace(/[\s.\-/]/g, '').toUpperCase();
	if (!/^[0-9A-Z]{12}\d{2}$/.test(places) || /^0{14}$/.test(places)) return null;
	return cnpjDigit(places, 12) && cnpjDigit(places, 13) ? places : null;
}

function cnpjDigit(places: string, length: number): boolean {
	const weights = CNPJ_WEIGHTS.slice(13 - length);
	let sum = 0;
	for (let place = 0; place < length; place++) sum += (places.charCodeAt(place) - 48) * (weights[place] ?? 0);
	const rest = sum % 11;
	return (rest < 2 ? 0 : 11 - rest) === Number(places[length]);
}

export const showCpf = (digits: string): string => digits.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');

export const showCnpj = (places: string): string =>
	places.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5');

/** A postal code as 01310-100; null for what is none. */
export function readCep(written: string): string | null {
	const digits = written.replace(/[\s.\-]/g, '');
	return /^\d{8}$/.test(digits) && !/^0{8}$/.test(digits) ? `${digits.slice(0, 5)}-${digits.slice(5)}` : null;
}
