import type { IncomingMessage } from 'node:http';
import type { Business } from '../state/business.ts';
import type { World } from '../world.ts';

/** A Graph call whose version and token have been found good. */
export interface GraphCall {
	world: World;
	request: IncomingMessage;
	method: string;
	query: URLSearchParams;
	/** The token's businesses. */
	businesses: Business[];
	token: string;
	/** Where the caller reached us: media URLs lead there too. */
	base: string;
}

/** What a call answers: a body, and what the log says of it. */
export interface GraphAnswer {
	body: unknown;
	summary: string;
	/** The caller's JSON, for the log. */
	request?: unknown;
}
