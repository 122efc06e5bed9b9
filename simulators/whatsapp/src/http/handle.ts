import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleControl } from '../control/router.ts';
import { handleGraph } from '../graph/router.ts';
import type { World } from '../world.ts';
import { answerJson, baseUrl } from '../../../http/answer.ts';
import { serveAttachment } from './attachments.ts';
import { servePage } from './page.ts';

/** One port for everything: the page and its control API, media downloads, and Graph for the rest. */
export async function handle(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
	port: number
): Promise<void> {
	try {
		const base = baseUrl(request.headers.host, port);
		const url = new URL(request.url ?? '/', base);
		if (url.pathname.startsWith('/_simulator/')) await handleControl(world, request, response, url, base);
		else if (url.pathname === '/whatsapp_business/attachments/') serveAttachment(world, request, response, url);
		else if (request.method !== 'GET' || !(await servePage(response, url.pathname)))
			await handleGraph(world, request, response, url, base);
	} catch (error) {
		if (!response.headersSent)
			answerJson(response, 500, { error: { message: 'The simulator failed.', type: 'OAuthException', code: 1 } });
		else response.destroy();
		console.error('[whatsapp simulator]', error);
	}
}
