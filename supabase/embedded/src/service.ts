import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Claims } from './jwt.ts';

/** What the gateway knows of a request before it hands it to a service. */
export interface RequestContext {
	/** The request's address with the service's prefix taken off: `/rest/v1/contacts?id=eq.1` is `/contacts?id=eq.1`. */
	readonly url: URL;
	/** The caller's address. */
	readonly ip: string;
	/**
	 * The token that speaks for the caller: the bearer token, else the one the API key stands for (`sb_publishable_` and
	 * `sb_secret_` keys are exchanged for `anon` and `service_role`). Null when the caller showed neither.
	 */
	readonly token: string | null;
	/** Whether an API key known to the project was shown. */
	readonly apikey: boolean;
	/** Claims of `token`; throws JwtError when it does not hold. Null when there is no token. */
	claims(): Promise<Claims | null>;
}

/** One service behind the gateway. It answers with `response` itself and never throws for a caller's mistake. */
export interface Service {
	handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
	upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, context: RequestContext): Promise<void>;
	close(): Promise<void>;
}
