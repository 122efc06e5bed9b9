/** The zone a cookie names, or São Paulo's: a made-up zone would make every date formatter throw. */
export function zoneOf(cookie: string | undefined): string {
	if (!cookie) return 'America/Sao_Paulo';
	try {
		return new Intl.DateTimeFormat('en', { timeZone: cookie }).resolvedOptions().timeZone;
	} catch {
		return 'America/Sao_Paulo';
	}
}

/** Where a browser leaves its zone for the server's next drawing. */
export const zoneCookie = 'prosa_zone';
