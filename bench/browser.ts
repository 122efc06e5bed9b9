import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import type { StackFacts } from '../stack/facts.ts';
import { CHROMIUM_FLAGS, ensureChromium } from '../tests/chromium.ts';

export interface Screen {
	browser: Browser;
	/** Somebody's, signed in. */
	context: BrowserContext;
	/** Where pages of bare HTML stand, to compare with. */
	bareUrl: string;
	close(): Promise<void>;
}

/** A browser in which a supervisor is signed in, and a server beside it that answers `bare` to whatever is asked. */
export async function openScreen(facts: StackFacts, bare: string): Promise<Screen> {
	const server = createServer((_, response) => {
		response.setHeader('content-type', 'text/html; charset=utf-8').end(bare);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const browser = await chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_FLAGS });
	const context = await browser.newContext({
		baseURL: facts.web_url,
		viewport: { width: 1440, height: 900 },
		locale: 'pt-BR',
		timezoneId: 'America/Sao_Paulo'
	});
	await context.addInitScript(watchPaints);
	const page = await context.newPage();
	await page.goto('/sign-in');
	await page.getByLabel('E-mail').fill('sofia@padaria.test');
	await page.getByLabel('Senha', { exact: true }).fill(facts.users[0]?.password ?? '');
	await page.getByRole('button', { name: 'Entrar' }).click();
	await page.getByTestId('conversation-row').first().waitFor();
	await page.close();
	return {
		browser,
		context,
		bareUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		close: async () => {
			await browser.close();
			server.close();
		}
	};
}

/** The inbox, its list there and its topic joined. */
export async function openInbox(context: BrowserContext, prepare?: (page: Page) => Promise<void>): Promise<Page> {
	const page = await context.newPage();
	await prepare?.(page);
	const joined = new Promise<void>((resolve) => {
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => {
				const text = payload.toString();
				if (text.includes('realtime:inbox:') && text.includes('phx_reply') && text.includes('"ok"')) resolve();
			})
		);
	});
	await page.goto('/padaria/inbox');
	await page.getByTestId('conversation-row').first().waitFor();
	await joined;
	return page;
}

export async function slowed(page: Page, rate: number): Promise<CDPSession> {
	const client = await page.context().newCDPSession(page);
	await client.send('Network.enable');
	await client.send('Network.setCacheDisabled', { cacheDisabled: true });
	await client.send('Emulation.setCPUThrottlingRate', { rate });
	return client;
}

export interface Paints {
	largest: number;
	shift: number;
	/** Lengths of the frames in which script, style and layout took over 50 ms. */
	longFrames: number[];
	/** Milliseconds between one frame and the next, from when they are sampled. */
	gaps: number[];
	sample: () => void;
}

declare global {
	interface Window {
		paints: Paints;
	}
}

/** Runs in every page before its own script. */
function watchPaints() {
	const paints: Paints = { largest: 0, shift: 0, longFrames: [], gaps: [], sample: () => undefined };
	window.paints = paints;
	const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
		new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
	watch('largest-contentful-paint', ({ startTime }) => (paints.largest = startTime));
	watch('layout-shift', (entry) => {
		const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
		if (!hadRecentInput) paints.shift += value;
	});
	watch('long-animation-frame', ({ duration }) => paints.longFrames.push(duration));
	let last = 0;
	const frame = (at: number) => {
		if (last > 0) paints.gaps.push(at - last);
		last = at;
		requestAnimationFrame(frame);
	};
	paints.sample = () => requestAnimationFrame(frame);
}
