/** An amount as people write it; a plain number where the currency is missing or unknown to the browser. */
export function moneyText(amount: number, currency: string | null, locale: string): string {
	try {
		if (currency) return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);
	} catch {
		return `${new Intl.NumberFormat(locale).format(amount)} ${currency}`;
	}
	return new Intl.NumberFormat(locale).format(amount);
}
