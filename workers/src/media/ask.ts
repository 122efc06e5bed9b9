import { z } from 'zod';
import { readAnswer, type GraphError } from '../graph/client.ts';
import { reasonOf } from './download.ts';
import { hashOf } from './receive.ts';
import { parseJson } from '../graph/parse_json.ts';

/** What the Graph API says of a media id. The address lives for five minutes. */
export type Asked =
	| { type: 'address'; url: string; mime_type: string | null; sha256: string | null; size: number | null }
	| { type: 'refused'; status: number; error: GraphError }
	| { type: 'unreached'; reason: string };

export interface GraphAddress {
	url: URL;
	version: string;
}

const TIMEOUT_MS = 15_000;
const Answer = z.object({
	url: z.string().min(1),
	mime_type: z.string().nullish(),
	sha256: z.string().nullish(),
	file_size: z.coerce.number().int().nonnegative().nullish().catch(null)
});

/** `GET /<media id>`. Throws only when `signal` aborts. */
export async function askAddress(
	graph: GraphAddress,
	media: { id: string; phone_number_id: string; token: string },
	signal: AbortSignal
): Promise<Asked> {
	const base = graph.url.href.replace(/\/+$/, '');
	const url = new URL(`${base}/${graph.version}/${encodeURIComponent(media.id)}`);
	url.searchParams.set('phone_number_id', media.phone_number_id);
	try {
		const response = await fetch(url, {
			signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
			headers: { authorization: `Bearer ${media.token}`, accept: 'application/json' }
		});
		const text = await response.text();
		if (response.ok) {
			const answer = Answer.safeParse(parseJson(text));
			if (answer.success) {
				const { url: address, mime_type = null, sha256, file_size: size = null } = answer.data;
				return { type: 'address', url: address, mime_type, sha256: hashOf(sha256), size };
			}
		}
		const refused = readAnswer(response.status, text);
		return refused.type === 'refused' ? refused : { type: 'unreached', reason: `HTTP ${response.status}` };
	} catch (error) {
		signal.throwIfAborted();
		return { type: 'unreached', reason: reasonOf(error) };
	}
}
