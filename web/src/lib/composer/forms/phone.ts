/** A number as typed, with its country: ten or eleven digits without a plus are a Brazilian area code and number. */
export function withCountry(typed: string): string {
	const digits = typed.replace(/\D/g, '');
	const local = !typed.trim().startsWith('+') && (digits.length === 10 || digits.length === 11);
	return local ? `55${digits}` : digits;
}
