import { z } from 'zod';

const Payload = z.object({ email: z.string().min(1) });

/** The address an access token speaks for, unverified: only to say whose link was opened. Null when it can't be read. */
export function emailOf(token: string): string | null {
	try {
		const bytes = Uint8Array.from(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) =>
			c.charCodeAt(0)
		);
		return Payload.parse(JSON.parse(new TextDecoder().decode(bytes))).email;
	} catch {
		return null;
	}
}
