import type { Page, Request } from '@playwright/test';

export interface FirstLoad {
	/** JavaScript as it was sent, without headers: brotli where the browser takes it. */
	scriptBytes: number;
	scripts: number;
	encodings: string[];
}

/**
 * Opens a page of the inbox with an empty cache and counts the JavaScript that is fetched until it can be used: rows on
 * the screen, keys heard, its topic joined. What is fetched behind it afterwards is not counted.
 */
export async function firstLoad(page: Page, path: string): Promise<FirstLoad> {
	const asked: Request[] = [];
	page.on('request', (request) => {
		if (request.resourceType() === 'script') asked.push(request);
	});
	const joined = new Promise<void>((resolve) => {
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => {
				const text = payload.toString();
				if (text.includes('realtime:inbox:') && text.includes('phx_reply') && text.includes('"ok"')) resolve();
			})
		);
	});
	const client = await page.context().newCDPSession(page);
	await client.send('Network.enable');
	await client.send('Network.setCacheDisabled', { cacheDisabled: true });
	await page.goto(path);
	await page.getByTestId('conversation-row').first().waitFor();
	await joined;
	const counted = [...asked];
	const encodings = new Set<string>();
	let scriptBytes = 0;
	for (const request of counted) {
		const response = await request.response();
		scriptBytes += (await request.sizes()).responseBodySize;
		encodings.add(response?.headers()['content-encoding'] ?? 'none');
	}
	await client.detach();
	return { scriptBytes, scripts: counted.length, encodings: [...encodings] };
}
