import type { IncomingMessage, ServerResponse } from 'node:http';
import { tokenOf } from '../graph/router.ts';
import { businessesOf } from '../state/business.ts';
import { outageAt } from '../state/faults.ts';
import type { World } from '../world.ts';

/**
 * The address media is fetched from: 401 without a token that may see the number's files, 404 when five minutes have
 * passed, the address was altered, or the file is gone.
 */
export function serveAttachment(world: World, request: IncomingMessage, response: ServerResponse, url: URL): void {
	if (outageAt(world.faults(), world.clock.now()) === 'down') {
		request.socket.destroy();
		return;
	}
	const businesses = businessesOf(world.businesses(), tokenOf(request, url.searchParams));
	const media = world.media.open(url.searchParams);
	const allowed = businesses.some((business) => media === null || business.phone_number_id === media.phone_number_id);
	const bytes = media && allowed ? world.media.bytes(media.id) : null;
	const status = businesses.length === 0 ? 401 : bytes ? 200 : 404;
	world.log.add({
		direction: 'graph',
		method: request.method ?? 'GET',
		path: url.pathname,
		status,
		ms: 0,
		summary: 'download',
		attempt: 1,
		fault: null,
		error: status === 200 ? null : status === 401 ? 'no valid token' : 'expired or unknown',
		request: null,
		response: null
	});
	if (!media || !bytes || status !== 200) {
		response.writeHead(status, { 'content-type': 'text/plain' }).end();
		return;
	}
	response.writeHead(200, {
		'content-type': media.mime_type,
		'content-length': bytes.length,
		'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(media.filename ?? media.id)}`
	});
	response.end(request.method === 'HEAD' ? undefined : bytes);
}
