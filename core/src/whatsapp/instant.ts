/** What an event without any usable time gets. Never the current time: a redelivery has to give the same event. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';

const EARLIEST = Date.UTC(2009, 0, 1); // WhatsApp's first year
const LATEST = Date.UTC(2100, 0, 1);
const MILLISECONDS_FROM = 1e11; // as seconds this would be the year 5138

/** Reads Meta's times: seconds since 1970, as number or text, sometimes milliseconds. Null when missing or absurd. */
export function instantOf(value: unknown): string | null {
	const number = typeof value === 'string' && /^\s*\d{1,15}(\.\d+)?\s*$/.test(value) ? Number(value) : value;
	if (typeof number !== 'number') return null;
	const milliseconds = number >= MILLISECONDS_FROM ? number : number * 1000;
	return milliseconds >= EARLIEST && milliseconds < LATEST ? new Date(milliseconds).toISOString() : null;
}
