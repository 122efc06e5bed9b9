import type { HttpRequest } from '@prosa/core/flows/effects.ts';
import type { Outcome } from '@prosa/core/flows/events.ts';
import { under } from '@prosa/core/modules/address.ts';
import { headersOf } from '@prosa/core/modules/http.ts';
import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { ModuleClosed, openModule, type KeptModule } from './open.ts';

type Through = { ok: true; request: HttpRequest } | Extract<Outcome, { ok: false }>;

/** A request of a flow with the address and the secret headers of its connection. They go nowhere else. */
export async function throughConnection(keys: SecretKeys, kept: KeptModule, request: HttpRequest): Promise<Through> {
	try {
		const settings = await openModule(keys, 'http', kept);
		const url = under(settings.url, request.url);
		if (!url) return { ok: false, code: 'address_refused' };
		return {
			ok: true,
			request: { ...request, url: url.href, headers: { ...request.headers, ...headersOf(settings) } }
		};
	} catch (error) {
		if (error instanceof ModuleClosed) return { ok: false, code: error.code };
		throw error;
	}
}
