import type { ErrorCode } from '@prosa/core/errors/catalogue.ts';
import { under } from '@prosa/core/modules/address.ts';
import { headersOf } from '@prosa/core/modules/http.ts';
import type { SecretKeys } from '@prosa/core/secrets/secrets.ts';
import { AddressRefused } from '../flows/addresses.ts';
import { exchange } from '../flows/exchange.ts';
import { SgpError } from '../sgp/client.ts';
import { ModuleClosed, openModule, type KeptModule } from './open.ts';
import { SgpClients } from './sgp.ts';

/** What a test found: how long the other side took, and what was wrong, if anything. */
export interface Found {
	error: ErrorCode | null;
	detail: string | null;
	ms: number;
}

/** A CPF whose digits are right and that nobody is given: what is asked for is whether we are let in. */
const NOBODYS_CPF = '00000000191';
const SECONDS = 10;

/** Calls the other side as a flow would. Never throws what it answers: that is what was found. */
export async function testModule(keys: SecretKeys, kept: KeptModule, origins: readonly string[]): Promise<Found> {
	const began = performance.now();
	const found = (error: ErrorCode | null, detail: string | null = null): Found => ({
		error,
		detail,
		ms: Math.round(performance.now() - began)
	});
	try {
		if (kept.module === 'sgp') {
			const { client } = await new SgpClients(keys, origins).of(kept);
			await client.customer(NOBODYS_CPF);
			return found(null);
		}
		const settings = await openModule(keys, 'http', kept);
		const url = under(settings.url, settings.test_path);
		if (!url) return found('module_address_refused');
		const { status } = await exchange(url, {
			method: 'GET',
			headers: { accept: 'application/json', 'user-agent': 'prosa-flows', ...headersOf(settings) },
			body: '',
			signal: AbortSignal.timeout(SECONDS * 1_000),
			origins,
			largest: 1_000_000
		});
		const detail = `HTTP ${status}`;
		if (status === 401 || status === 403) return found('module_refused', detail);
		return found(status >= 200 && status < 300 ? null : 'module_answered_badly', detail);
	} catch (error) {
		if (error instanceof ModuleClosed || error instanceof SgpError)
			return found(error.code, error.message.slice(0, 200));
		if (error instanceof AddressRefused) return found('module_address_refused');
		return found('module_unreachable', error instanceof Error ? error.name : null);
	}
}
