import { z } from 'zod';
import type { BrowserClient } from '#lib/auth/browser_client.ts';

const Refusal = z.object({ code: z.string(), message: z.string() });

/** Keeps a company's own key by the edge function that encrypts it, or forgets it. Throws `{ code, message }`. */
export async function keepAiKey(client: BrowserClient, tenantId: string, key: string | null): Promise<void> {
	const response = await client.post('functions/v1/modules/ai-key', { tenant_id: tenantId, key });
	if (response.ok) return;
	const answer: unknown = await response.json().catch(() => null);
	throw Refusal.safeParse(answer).data ?? new Error(`modules answered ${response.status}`);
}
