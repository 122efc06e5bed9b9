import { z } from 'zod';

const Text = z.string().catch('');
const Payload = z.object({
	email: z.string().min(1),
	user_metadata: z.object({ name: Text, company: Text, mark: Text }).catch({ name: '', company: '', mark: '' })
});

export interface Said {
	email: string;
	name: string;
	company: string;
	/** The browser that signed up. */
	mark: string;
}

/** The address an access token speaks for, unverified: only to say whose link was opened. Null when it can't be read. */
export const emailOf = (token: string): string | null => saidBy(token)?.email ?? null;

/** What an access token says of its person, unverified: only to show it. Null when it can't be read. */
export function saidBy(token: string): Said | null {
	try {
		const bytes = Uint8Array.from(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')), (c) =>
			c.charCodeAt(0)
		);
		const { email, user_metadata: said } = Payload.parse(JSON.parse(new TextDecoder().decode(bytes)));
		return { email, ...said };
	} catch {
		return null;
	}
}
