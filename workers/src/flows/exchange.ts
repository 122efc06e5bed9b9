import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { AddressRefused, isPublic, publicLookup } from './addresses.ts';

export interface Exchange {
	method: string;
	headers: Record<string, string>;
	body: string;
	signal: AbortSignal;
	/** Origins within our own network that may be called all the same: simulators. */
	origins: readonly string[];
	/** Bytes of an answer beyond which it is none. */
	largest: number;
}

export class TooLarge extends Error {
	override name = 'TooLarge';
}

/**
 * Calls an address that a tenant has chosen, and gives what it answers. Never one of our own network, whatever name leads
 * there (AddressRefused, before anything is sent); redirects are not followed: where they lead is another's to choose.
 */
export function exchange(url: URL, wanted: Exchange): Promise<{ status: number; text: string }> {
	const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
	const ours = wanted.origins.includes(url.origin);
	const host = url.hostname.replace(/^\[|\]$/g, '');
	if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') reject(new AddressRefused(host));
	// A number is connected to without being looked up.
	else if (!ours && isIP(host) && !isPublic(host)) reject(new AddressRefused(host));
	else {
		const outgoing = (url.protocol === 'https:' ? https : http).request(
			url,
			{
				method: wanted.method,
				headers: {
					...wanted.headers,
					...(wanted.body === '' ? {} : { 'content-length': Buffer.byteLength(wanted.body) })
				},
				...(ours ? {} : { lookup: publicLookup }),
				// A connection kept open would outlive the check of its address.
				agent: false,
				signal: wanted.signal
			},
			(answer) => {
				const chunks: Buffer[] = [];
				let size = 0;
				answer.on('data', (chunk: Buffer) => {
					size += chunk.length;
					if (size > wanted.largest) outgoing.destroy(new TooLarge());
					else chunks.push(chunk);
				});
				answer.on('error', reject);
				answer.on('end', () =>
					resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })
				);
			}
		);
		outgoing.on('error', reject);
		outgoing.end(wanted.body);
	}
	return promise;
}
